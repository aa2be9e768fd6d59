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

    /// <summary>Taken where <see cref="Phone"/> is empty, and kept as an attribute too.</summary>
    SecondPhone,

    TimeZone,
    Consent,
    ConsentAt,
    ConsentSource,
}

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
            ["default_address_phone"] = CsvField.SecondPhone,
            ["accepts_email_marketing"] = CsvField.Consent,
            ["accepts_marketing"] = CsvField.Consent,
        }.ToFrozenDictionary(),
        SharedConsentWords.ToFrozenDictionary(),
        IsForeign: true);

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

    /// <summary>Asked in this order; the first with a sign in the header is it. Ours fits every file and stands last.</summary>
    public static readonly IReadOnlyList<CsvFormat> All = [ShopifyCustomers, Own];

    /// <summary>True where one of the format's signs is among the keys.</summary>
    internal bool Fits(IReadOnlyCollection<string> keys) => Signs.Count == 0 || Signs.Any(keys.Contains);
}
