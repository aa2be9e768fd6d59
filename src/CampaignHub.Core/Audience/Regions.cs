using System.Diagnostics.CodeAnalysis;

namespace CampaignHub.Core.Audience;

/// <summary>
/// Subdivision codes of ISO 3166-2, kept without the country: <c>SP</c> for BR-SP. Where a country has several zones
/// its codes are known and others refused; elsewhere one to three letters and digits are taken as they come.
/// </summary>
public static class Regions
{
    private const int MaxLength = 3;

    /// <summary>Normalises a code that may carry its country before a hyphen.</summary>
    /// <param name="text">Any case: <c>SP</c>, <c>br-sp</c>. Mexico's postal abbreviations are read as their ISO codes.</param>
    /// <param name="country">A code out of <see cref="Countries"/>, or null where none is known: then only the shape is checked.</param>
    /// <param name="region">The bare code, upper case.</param>
    /// <param name="problem">One sentence saying what is wrong.</param>
    public static bool TryParse(string? text, string? country, [NotNullWhen(true)] out string? region, [NotNullWhen(false)] out string? problem)
    {
        region = null;
        var upper = (text ?? "").Trim().ToUpperInvariant();
        var hyphen = upper.IndexOf('-');
        if (hyphen >= 0 && country is not null && upper[..hyphen] != country)
        {
            problem = $"The region's country isn't {country}.";
            return false;
        }
        var bare = upper[(hyphen + 1)..];
        if (country is not null && ZoneFacts.RegionAliases.TryGetValue((country, bare), out var iso))
            bare = iso;
        problem = ProblemOf(bare, country);
        region = problem is null ? bare : null;
        return problem is null;
    }

    private static string? ProblemOf(string bare, string? country)
    {
        if (bare.Length is 0 or > MaxLength || !bare.All(char.IsAsciiLetterOrDigit))
            return "The region must be a code of ISO 3166-2, such as SP or BR-SP.";
        return country is not null && ZoneFacts.RegionsOf(country) is { Count: > 0 } known && !known.Contains(bare)
            ? $"{country} has no region with that code in ISO 3166-2." : null;
    }
}
