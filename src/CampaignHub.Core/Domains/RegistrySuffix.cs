using System.Collections.Frozen;

namespace CampaignHub.Core.Domains;

/// <summary>
/// Domains below which a country's registry sells names, such as <c>co.uk</c>: nobody sends from them. Only the labels
/// that registries commonly use are known here. It is a courtesy to who mistypes, no defence: a domain is trusted by
/// what its DNS says.
/// </summary>
public static class RegistrySuffix
{
    private static readonly FrozenSet<string> Labels = FrozenSet.ToFrozenSet(
        ["ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "mil", "ne", "net", "or", "org"], StringComparer.Ordinal);

    /// <param name="domain">Lower case, at least two labels.</param>
    public static bool Is(string domain) =>
        domain.Split('.') is [var second, { Length: 2 }] && Labels.Contains(second);
}
