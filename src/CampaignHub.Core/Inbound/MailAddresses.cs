using System.Text.RegularExpressions;

namespace CampaignHub.Core.Inbound;

/// <summary>Finds addresses and ids in text that anybody may have written.</summary>
internal static partial class MailAddresses
{
    private const int MostKept = 10;

    /// <summary>Headers in which mail servers note the envelope's recipient; the addressee's own come last.</summary>
    private static readonly string[] s_envelopeHeaders =
        ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Original-Recipient", "X-Delivered-To", "To"];

    public static string? First(string text) => Address().Match(text) is { Success: true } found ? Clean(found.Value) : null;

    public static IEnumerable<string> All(string text) => Address().Matches(text).Select(found => Clean(found.Value));

    /// <summary>The address of an address field (RFC 3464, 2.3.1): <c>rfc822; &lt;ann@example.com&gt;</c>, with a source route or without.</summary>
    public static string? OfField(string? field) => field is null ? null : First(field[(field.IndexOf(';') + 1)..]);

    /// <summary>Message-IDs without their brackets.</summary>
    public static IEnumerable<string> MessageIds(string? text) =>
        text is null ? [] : MessageId().Matches(text).Select(found => found.Groups[1].Value);

    /// <summary>What the mail is about: the returned message's id, or what is answered.</summary>
    public static IReadOnlyList<string> About(MailParts mail)
    {
        string?[] places =
        [
            .. FieldsOf(mail.Returned, "Message-ID"), .. FieldsOf(mail.Status, "X-Original-Message-ID"),
            .. FieldsOf(mail.Text, "Message-ID"), mail.Header("In-Reply-To"), mail.Header("References"),
        ];
        return [.. places.SelectMany(MessageIds).Distinct().Take(MostKept)];
    }

    /// <summary>Local parts shaped like return paths: from the envelope as headers note it, then from the message that came back.</summary>
    public static IReadOnlyList<string> ReturnPaths(MailParts mail)
    {
        string[] places = [.. s_envelopeHeaders.SelectMany(mail.Headers), mail.Returned, mail.Status, mail.Feedback, mail.Text];
        return [.. places.SelectMany(place => ReturnPath().Matches(place)).Select(found => found.Groups[1].Value.ToLowerInvariant()).Distinct().Take(MostKept)];
    }

    private static IEnumerable<string?> FieldsOf(string text, string name) =>
        Field().Matches(text).Where(field => field.Groups[1].Value.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Groups[2].Value);

    private static string Clean(string address) => address.Trim('.', '\'', '-', '=');

    [GeneratedRegex(@"[^\s<>""',:;()\[\]@\\]{1,64}@[\p{L}\p{N}.\-]{1,253}")]
    private static partial Regex Address();

    // Without control characters: a stranger's mail is asked for in the database by its ids, and no database holds a NUL.
    [GeneratedRegex(@"<([^<>\s\p{Cc}\p{Cs}]{3,250})>")]
    private static partial Regex MessageId();

    [GeneratedRegex(@"\b(b\.[a-z2-7]{42})@", RegexOptions.IgnoreCase)]
    private static partial Regex ReturnPath();

    [GeneratedRegex(@"^[ \t>]{0,8}((?:X-Original-)?Message-ID):([^\r\n]{0,300})", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Field();
}
