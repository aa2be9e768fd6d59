using System.Collections.Frozen;

namespace CampaignHub.Core.Audience;

/// <summary>The fields of a recipient that a column can stand for.</summary>
public enum CsvField
{
    Email,
    FirstName,
    LastName,
    Locale,
    Country,
    Region,
    Phone,
    TimeZone,
    Consent,
    ConsentAt,
    ConsentSource,

    /// <summary>First and last name in one, taken where there is neither; kept as an attribute too.</summary>
    WholeName,

    /// <summary>When the person opted in. The four times tell of consent where no column has words for it (<see cref="TimedConsent"/>), and are kept as attributes too.</summary>
    OptedInAt,

    ConfirmedAt,
    UnsubscribedAt,
    CleanedAt,
}

/// <summary>What becomes of a column that is no field.</summary>
public enum AttributeKind
{
    /// <summary>A text as it stands there.</summary>
    Text,

    /// <summary>A JSON number, where it is one; else the text.</summary>
    Number,

    /// <summary>An array: <see cref="TagList"/>.</summary>
    Tags,

    /// <summary>Nothing: it isn't taken.</summary>
    None,
}

/// <summary>How a format's column becomes an attribute.</summary>
/// <param name="Kind">Of its value.</param>
/// <param name="Name">Its key; null: the column's own.</param>
public readonly record struct AttributeRule(AttributeKind Kind, string? Name = null);

/// <summary>One known format of customer files: its headers, and the words of its consent column.</summary>
/// <param name="Name">For logs and answers, such as <c>shopify_customers</c>.</param>
/// <param name="Signs">Column keys any of which tells the format; none: it fits every file.</param>
/// <param name="Fields">Column key (<see cref="CsvHeader.Key"/>) → field.</param>
/// <param name="ConsentWords">Lower-case cell of the consent column → statement; an empty cell is silent.</param>
/// <param name="IsForeign">
/// True for another system's export: its country or region code that we don't know isn't its owner's mistake.
/// The cell becomes an attribute and the row lives. False: it is an error of the row.
/// </param>
public sealed record CsvFormat(
    string Name,
    IReadOnlyList<string> Signs,
    IReadOnlyDictionary<string, CsvField> Fields,
    IReadOnlyDictionary<string, ConsentStatement> ConsentWords,
    bool IsForeign)
{
    /// <summary>Column key → field that it stands for where the field's own column is empty or missing. Beside one it is an attribute too.</summary>
    public IReadOnlyDictionary<string, CsvField> Fallbacks { get; init; } = FrozenDictionary<string, CsvField>.Empty;

    /// <summary>Column key → what becomes of it, where that isn't a text under the column's own name.</summary>
    public IReadOnlyDictionary<string, AttributeRule> Attributes { get; init; } = FrozenDictionary<string, AttributeRule>.Empty;

    /// <summary>Country, as a code or null, and the region's cell → what is read as a code of ISO 3166-2.</summary>
    public Func<string?, string, string> RegionOf { get; init; } = (_, region) => region;

    /// <summary>Columns that every system calls the same.</summary>
    private static readonly Dictionary<string, CsvField> SharedFields = new()
    {
        ["email"] = CsvField.Email,
        ["first_name"] = CsvField.FirstName,
        ["last_name"] = CsvField.LastName,
        ["country_code"] = CsvField.Country,
        ["phone"] = CsvField.Phone,
    };

    /// <summary>What systems and people write in a column that asks whether mail is wanted.</summary>
    private static readonly Dictionary<string, ConsentStatement> SharedConsentWords = new()
    {
        ["yes"] = ConsentStatement.Granted,
        ["true"] = ConsentStatement.Granted,
        ["subscribed"] = ConsentStatement.Granted,
        ["no"] = ConsentStatement.Refused,
        ["false"] = ConsentStatement.Refused,
        ["not_subscribed"] = ConsentStatement.Refused,
        ["pending"] = ConsentStatement.Pending,
        ["unsubscribed"] = ConsentStatement.Withdrawn,
    };

    /// <summary>Shopify's customer export, of today and with its older header names.</summary>
    public static readonly CsvFormat ShopifyCustomers = new(
        "shopify_customers",
        ["accepts_email_marketing", "accepts_marketing"],
        new Dictionary<string, CsvField>(SharedFields)
        {
            ["default_address_country_code"] = CsvField.Country,
            ["default_address_province_code"] = CsvField.Region,
            ["province_code"] = CsvField.Region,
            ["accepts_email_marketing"] = CsvField.Consent,
            ["accepts_marketing"] = CsvField.Consent,
        }.ToFrozenDictionary(),
        SharedConsentWords.ToFrozenDictionary(),
        IsForeign: true)
    {
        Fallbacks = new Dictionary<string, CsvField> { ["default_address_phone"] = CsvField.Phone }.ToFrozenDictionary(),
    };

    /// <summary>Our own columns, and what people call them.</summary>
    public static readonly CsvFormat Own = new(
        "own",
        [],
        new Dictionary<string, CsvField>(SharedFields)
        {
            ["e_mail"] = CsvField.Email,
            ["mail"] = CsvField.Email,
            ["email_address"] = CsvField.Email,
            ["e_mail_address"] = CsvField.Email,
            ["firstname"] = CsvField.FirstName,
            ["given_name"] = CsvField.FirstName,
            ["lastname"] = CsvField.LastName,
            ["surname"] = CsvField.LastName,
            ["family_name"] = CsvField.LastName,
            ["locale"] = CsvField.Locale,
            ["language"] = CsvField.Locale,
            ["country"] = CsvField.Country,
            ["region"] = CsvField.Region,
            ["region_code"] = CsvField.Region,
            ["phone_number"] = CsvField.Phone,
            ["time_zone"] = CsvField.TimeZone,
            ["timezone"] = CsvField.TimeZone,
            ["consent"] = CsvField.Consent,
            ["consent_status"] = CsvField.Consent,
            ["consent_at"] = CsvField.ConsentAt,
            ["consent_source"] = CsvField.ConsentSource,
        }.ToFrozenDictionary(),
        new Dictionary<string, ConsentStatement>(SharedConsentWords)
        {
            ["granted"] = ConsentStatement.Granted,
            ["withdrawn"] = ConsentStatement.Withdrawn,
            ["unknown"] = ConsentStatement.Unknown,
            ["refused"] = ConsentStatement.Refused,
        }.ToFrozenDictionary(),
        IsForeign: false);

    /// <summary>True where one of the format's signs is among the keys.</summary>
    internal bool Fits(IReadOnlyCollection<string> keys) => Signs.Count == 0 || Signs.Any(keys.Contains);
}
