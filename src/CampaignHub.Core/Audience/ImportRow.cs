using NodaTime;

namespace CampaignHub.Core.Audience;

/// <summary>What one row of an import says: a <see cref="RecipientRow"/> or a <see cref="RowError"/>.</summary>
public abstract record ImportRow;

/// <summary>A recipient as a row states it. Null is a field that the row says nothing of; a known recipient's stays as it was.</summary>
public sealed record RecipientRow : ImportRow
{
    public required EmailAddress Email { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Locale { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }

    /// <summary>ISO 3166-2 without the country.</summary>
    public string? Region { get; init; }
    public string? Phone { get; init; }

    /// <summary>The zone that the row gives, a tzdb id; see <see cref="Zone"/> for what follows without.</summary>
    public string? TimeZone { get; init; }

    /// <summary>One JSON object without white space, at most <see cref="RecipientAttributes.MaxBytes"/>; <c>{}</c> when there are none.</summary>
    public required string Attributes { get; init; }

    /// <summary>Silent where the row says nothing of consent.</summary>
    public ConsentStatement Consent { get; init; } = ConsentStatement.Silent;

    /// <summary>The row's own words for where the consent comes from; null: the import's.</summary>
    public string? ConsentSource { get; init; }

    public Instant? ConsentAt { get; init; }

    /// <summary>True where the consent follows from a time instead of a word: a lower one that is stated for the whole file goes before a yes.</summary>
    public bool IsConsentInferred { get; init; }

    /// <summary>True where the row says that mail to the address has come back for good.</summary>
    public bool IsUndeliverable { get; init; }

    /// <summary>Fields, by their names on the wire, that the row empties: a <c>null</c> of NDJSON. A file of cells can't say that.</summary>
    public IReadOnlyList<string> Cleared { get; init; } = [];

    /// <summary>The zone inferred from this row alone. Set-based merges join <see cref="ZoneInference.Table"/> to the merged row instead.</summary>
    public InferredZone Zone => ZoneInference.Infer(TimeZone, Country, Region, Phone);

    /// <summary>What the row's phone says of the zone; null where the row gives one, or its country alone tells.</summary>
    public PhonePlace? PhonePlace => TimeZone is null ? ZoneInference.OfPhone(Phone, Country) : null;
}

/// <summary>Why a row became no recipient.</summary>
/// <param name="Field">The field's name on the wire, <c>email</c> for instance.</param>
/// <param name="Code">A word out of <see cref="RecipientCodes"/>.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Value">The offending cell, cut to <see cref="MaxValueLength"/> characters and storable as text.</param>
public sealed record RowError(string Field, string Code, string Message, string Value) : ImportRow
{
    public const int MaxValueLength = 200;

    /// <summary>Cuts the value, never inside a surrogate pair, and replaces NULs by U+FFFD.</summary>
    public static RowError From(FieldError problem, ReadOnlySpan<char> value)
    {
        var length = Math.Min(value.Length, MaxValueLength);
        if (length < value.Length && char.IsHighSurrogate(value[length - 1]))
            length--;
        var cut = value[..length].ToString();
        return new RowError(problem.Path, problem.Code, problem.Message, RecipientFields.IsText(cut) ? cut : Storable(cut));
    }

    private static string Storable(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => rune.Value == 0 ? "\uFFFD" : rune.ToString()));
}
