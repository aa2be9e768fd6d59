using System.Collections.Frozen;

namespace CampaignHub.Core.Audience;

/// <summary>
/// Mailchimp's export of an audience: files of the subscribed, the unsubscribed and the cleaned, which tell who is what by their times.
/// Columns of ours that somebody has put into it, a consent above all, are read as in our own files.
/// </summary>
public static class MailchimpAudience
{
    public static readonly CsvFormat Format = new(
        "mailchimp_audience",
        ["leid", "euid", "member_rating"],
        // A field called Country is the audience's own, mostly with a name in it; CC is Mailchimp's.
        new Dictionary<string, CsvField>(CsvFormat.Own.Fields.Where(field => field.Value is not (CsvField.Email or CsvField.Country)))
        {
            ["email_address"] = CsvField.Email,
            ["cc"] = CsvField.Country,
            ["optin_time"] = CsvField.OptedInAt,
            ["confirm_time"] = CsvField.ConfirmedAt,
            ["unsub_time"] = CsvField.UnsubscribedAt,
            ["clean_time"] = CsvField.CleanedAt,
        }.ToFrozenDictionary(),
        CsvFormat.Own.ConsentWords,
        IsForeign: true)
    {
        Fallbacks = new Dictionary<string, CsvField> { ["email"] = CsvField.Email }.ToFrozenDictionary(),
        Attributes = new Dictionary<string, AttributeRule>
        {
            ["member_rating"] = new(AttributeKind.Number),
            ["tags"] = new(AttributeKind.Tags),
            // Where an address on the internet was thought to be. Offsets are no zone.
            ["latitude"] = new(AttributeKind.None),
            ["longitude"] = new(AttributeKind.None),
            ["gmtoff"] = new(AttributeKind.None),
            ["dstoff"] = new(AttributeKind.None),
        }.ToFrozenDictionary(),
    };
}
