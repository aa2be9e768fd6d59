using System.Text;
using System.Text.Json;
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
        if (start < 0 || Parse(mail.Text[start..]) is not { } notice)
            return null;
        return Word(notice, "notificationType") switch
        {
            "Bounce" => [.. People(notice, "bounce", "bouncedRecipients").Select(person => BounceRules.Decide(EvidenceOf(person.Whole, person.Recipient)))],
            "Complaint" => [.. People(notice, "complaint", "complainedRecipients").Select(person =>
                new InboundFinding(InboundClass.Complaint, Rule) { Recipient = Word(person.Recipient, "emailAddress") })],
            _ => [new InboundFinding(InboundClass.Other, Rule)],
        };
    }

    private static BounceEvidence EvidenceOf(JsonElement bounce, JsonElement person) => BounceEvidence.Of(Word(person, "diagnosticCode") ?? "") with
    {
        Recipient = Word(person, "emailAddress"),
        Action = Word(bounce, "bounceType") == "Permanent" ? "failed" : "delayed",
        Status = EnhancedCode.Parse(Word(person, "status") ?? ""),
    };

    private static IEnumerable<(JsonElement Whole, JsonElement Recipient)> People(JsonElement notice, string kind, string list) =>
        Member(notice, kind) is { } whole && Member(whole, list) is { ValueKind: JsonValueKind.Array } people
            ? people.EnumerateArray().Select(person => (whole, person))
            : [];

    private static string? Word(JsonElement of, string name) =>
        Member(of, name) is { ValueKind: JsonValueKind.String } word ? word.GetString() : null;

    private static JsonElement? Member(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var member) ? member : null;

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
