using System.Text.Json;

namespace CampaignHub.Core.Inbound.Providers;

/// <summary>Postmark: one record in each post.</summary>
internal static class PostmarkEvents
{
    public static ProviderEvent? Read(JsonElement record)
    {
        var type = record.Word("RecordType");
        // What is suppressed by hand is of no message.
        if (FindingOf(type, record) is not { } finding || (record.Id("ID") ?? record.Id("MessageID") ?? record.Id("Recipient")) is not { } id)
            return null;
        return new ProviderEvent(finding, $"{type} {id} {record.Word("ChangedAt")}")
        {
            Token = JsonFields.Token(record.Word("Metadata", ProviderEvent.TokenName)),
            ProviderMessageId = record.Id("MessageID"),
        };
    }

    private static InboundFinding? FindingOf(string? type, JsonElement record) => type switch
    {
        "Bounce" => Bounce(record.Word("Type"), record),
        "SpamComplaint" => ProviderVerdict.Complained(record.Word("Email")),
        // Made active again there, it has no meaning here: our own suppression is lifted here alone.
        "SubscriptionChange" when record.Member("SuppressSending") is { ValueKind: JsonValueKind.True } => record.Word("SuppressionReason") switch
        {
            "HardBounce" => ProviderVerdict.Suppressed(record.Word("Recipient")),
            "SpamComplaint" => ProviderVerdict.Complained(record.Word("Recipient")),
            _ when record.Word("Origin") is "Customer" or "Admin" => ProviderVerdict.SuppressedByHand(record.Word("Recipient")),
            _ => ProviderVerdict.Unsubscribed(record.Word("Recipient")),
        },
        _ => null,
    };

    private static InboundFinding? Bounce(string? type, JsonElement record)
    {
        var person = record.Word("Email");
        // Its Description is the kind's, the same for everybody; Details is what the other side said.
        ProviderWord? word = type switch
        {
            "HardBounce" or "BadEmailAddress" => ProviderWord.Gone,
            "Transient" => ProviderWord.Deferred,
            "Blocked" or "SpamNotification" or "VirusNotification" or "DMARCPolicy" or "SMTPApiError" => ProviderWord.Refused,
            "SoftBounce" or "DnsError" or "Unknown" or "ManuallyDeactivated" => ProviderWord.Failed,
            _ => null,
        };
        return type switch
        {
            "SpamComplaint" => ProviderVerdict.Complained(person),
            "Unsubscribe" => ProviderVerdict.Unsubscribed(person),
            "AutoResponder" or "ChallengeVerification" or "AddressChange" => ProviderVerdict.Answered(person),
            _ => word is { } known ? ProviderVerdict.Of(known, null, record.Word("Details"), person) : null,
        };
    }
}
