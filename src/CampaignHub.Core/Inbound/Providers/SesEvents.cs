using System.Text.Json;

namespace CampaignHub.Core.Inbound.Providers;

/// <summary>Amazon SES: notices of an identity (<c>notificationType</c>) and events of a configuration set (<c>eventType</c>) alike.</summary>
internal static class SesEvents
{
    /// <param name="notice">What SES says.</param>
    /// <param name="id">SNS's id of it, where SES has none.</param>
    public static ProviderEvent? Read(JsonElement notice, string id)
    {
        if (FindingOf(notice) is not { } finding || notice.Member("mail") is not { } mail)
            return null;
        return new ProviderEvent(finding, notice.Id("bounce", "feedbackId") ?? notice.Id("complaint", "feedbackId") ?? id)
        {
            Token = JsonFields.Token(Header(mail, ProviderEvent.TokenHeader)),
            ReturnPath = JsonFields.ReturnPathOf(mail.Word("source")),
            ProviderMessageId = mail.Id("messageId"),
            // SES puts a Message-ID of its own on what it sends; these are ours, as it was given them.
            MessageId = JsonFields.MessageId(Header(mail, "Message-ID") ?? mail.Word("commonHeaders", "messageId")),
        };
    }

    private static InboundFinding? FindingOf(JsonElement notice) => (notice.Word("eventType") ?? notice.Word("notificationType")) switch
    {
        "Bounce" => Bounce(notice),
        "Complaint" => Complaint(notice),
        "DeliveryDelay" => Delay(notice),
        "Reject" => ProviderVerdict.Of(ProviderWord.Refused, null, notice.Word("reject", "reason"), Destination(notice)),
        "Rendering Failure" => ProviderVerdict.Of(ProviderWord.Refused, null, notice.Word("failure", "errorMessage"), Destination(notice)),
        "Subscription" when notice.Member("subscription", "newTopicPreferences", "unsubscribeAll") is { ValueKind: JsonValueKind.True } =>
            ProviderVerdict.Unsubscribed(Destination(notice)),
        _ => null,
    };

    /// <summary>A message of ours is to one person; of a notice about several, which is about another's, the mildest.</summary>
    private static InboundFinding? Bounce(JsonElement notice)
    {
        var type = notice.Word("bounce", "bounceType");
        var word = (type, notice.Word("bounce", "bounceSubType")) switch
        {
            ("Permanent", _) => ProviderWord.Gone,
            (_, "MessageTooLarge" or "ContentRejected" or "AttachmentRejected") => ProviderWord.Refused,
            _ => ProviderWord.Failed,
        };
        var isSuppressed = notice.Word("bounce", "bounceSubType") is "Suppressed" or "OnAccountSuppressionList";
        InboundFinding[] findings =
        [
            .. notice.Items("bounce", "bouncedRecipients").Select(person => isSuppressed
                ? ProviderVerdict.Suppressed(person.Word("emailAddress"))
                : ProviderVerdict.Of(word, person.Word("status"), Said(person.Word("diagnosticCode"), notice), person.Word("emailAddress"))),
        ];
        return findings.Length == 0 ? null : new InboundMail(findings).Of(null);
    }

    private static string? Said(string? diagnostic, JsonElement notice) =>
        diagnostic ?? (notice.Word("bounce", "bounceSubType") == "MailboxFull" ? "mailbox full" : null);

    private static InboundFinding? Complaint(JsonElement notice)
    {
        var person = notice.Items("complaint", "complainedRecipients").FirstOrDefault().Word("emailAddress");
        return (notice.Word("complaint", "complaintFeedbackType"), notice.Word("complaint", "complaintSubType")) switch
        {
            ("not-spam" or "auth-failure", _) => null,
            // The person complained of an earlier message: SES didn't send this one.
            (_, "OnAccountSuppressionList") => ProviderVerdict.Unsubscribed(person),
            var (kind, _) => ProviderVerdict.Complained(person, kind),
        };
    }

    private static InboundFinding? Delay(JsonElement notice) => notice.Items("deliveryDelay", "delayedRecipients").Select(person =>
        ProviderVerdict.Of(ProviderWord.Deferred, person.Word("status"), person.Word("diagnosticCode"), person.Word("emailAddress"))).FirstOrDefault();

    private static string? Destination(JsonElement notice) =>
        notice.Items("mail", "destination").FirstOrDefault() is { ValueKind: JsonValueKind.String } address ? address.Word() : null;

    private static string? Header(JsonElement mail, string name) => mail.Items("headers")
        .FirstOrDefault(header => string.Equals(header.Word("name"), name, StringComparison.OrdinalIgnoreCase)).Word("value");
}
