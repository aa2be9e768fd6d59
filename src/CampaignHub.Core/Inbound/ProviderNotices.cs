using System.Text;
using System.Text.Json;
using CampaignHub.Core.Inbound.Providers;
using CampaignHub.Core.Sending;

namespace CampaignHub.Core.Inbound;

/// <summary>Amazon SES's notices as SNS mails them: JSON in the text.</summary>
internal static class ProviderNotices
{
    private const string Start = "{\"notificationType\":";
    private const string Rule = "provider_notice";

    public static IReadOnlyList<InboundFinding>? Read(MailParts mail)
    {
        var start = mail.Text.IndexOf(Start, StringComparison.Ordinal);
        try
        {
            return start < 0 || Parse(mail.Text[start..]) is not { } notice ? null : Read(notice);
        }
        catch (InvalidOperationException)
        {
            return null; // A name with half a surrogate pair in it.
        }
    }

    private static IReadOnlyList<InboundFinding> Read(JsonElement notice) => notice.Word("notificationType") switch
    {
        "Bounce" => [.. People(notice, "bounce", "bouncedRecipients").Select(person => BounceRules.Decide(EvidenceOf(person.Whole, person.Recipient)))],
        "Complaint" => [.. People(notice, "complaint", "complainedRecipients").Select(person =>
            new InboundFinding(InboundClass.Complaint, Rule) { Recipient = person.Recipient.Word("emailAddress") })],
        _ => [new InboundFinding(InboundClass.Other, Rule)],
    };

    private static BounceEvidence EvidenceOf(JsonElement bounce, JsonElement person) => BounceEvidence.Of(person.Word("diagnosticCode") ?? "") with
    {
        Recipient = person.Word("emailAddress"),
        Action = bounce.Word("bounceType") == "Permanent" ? "failed" : "delayed",
        Status = EnhancedCode.Parse(person.Word("status") ?? ""),
    };

    private static IEnumerable<(JsonElement Whole, JsonElement Recipient)> People(JsonElement notice, string kind, string list) =>
        notice.Member(kind) is { } whole ? whole.Items(list).Select(person => (whole, person)) : [];

    /// <summary>The value at the start of the text; null where it is none.</summary>
    private static JsonElement? Parse(string text)
    {
        // Old servers break lines that are too long with an exclamation mark.
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n").Replace("!\n ", "", StringComparison.Ordinal)));
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
