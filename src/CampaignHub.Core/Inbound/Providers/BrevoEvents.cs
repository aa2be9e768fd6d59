using System.Text.Json;

namespace CampaignHub.Core.Inbound.Providers;

/// <summary>Brevo: one event in each post, or a list where its webhook is batched.</summary>
internal static class BrevoEvents
{
    private const string Custom = "X-Mailin-custom";

    public static ProviderEvent? Read(JsonElement data)
    {
        if (FindingOf(data) is not { } finding || data.Id("message-id") is not { } messageId)
            return null;
        // Its id is the webhook's; an event has none of its own.
        return new ProviderEvent(finding, $"{data.Word("event")} {messageId} {data.Word("ts_event") ?? data.Word("ts_epoch") ?? data.Word("date")} {finding.Recipient}")
        {
            Token = (data.Word(Custom) ?? data.Word("X-Mailin-Custom"))?.Split(':', '|').Select(JsonFields.Token).FirstOrDefault(part => part is not null),
            ProviderMessageId = messageId,
            MessageId = JsonFields.MessageId(messageId),
        };
    }

    private static InboundFinding? FindingOf(JsonElement data)
    {
        var (person, reason) = (data.Word("email"), data.Word("reason"));
        return data.Word("event") switch
        {
            "hard_bounce" or "invalid_email" => ProviderVerdict.Of(ProviderWord.Gone, null, reason, person),
            "soft_bounce" or "error" => ProviderVerdict.Of(ProviderWord.Failed, null, reason, person),
            "blocked" => ProviderVerdict.Of(ProviderWord.Refused, null, reason, person),
            "deferred" => ProviderVerdict.Of(ProviderWord.Deferred, null, reason, person),
            "spam" or "complaint" => ProviderVerdict.Complained(person),
            "unsubscribed" => ProviderVerdict.Unsubscribed(person),
            _ => null,
        };
    }
}
