using System.Text.Json;

namespace CampaignHub.Core.Inbound.Providers;

/// <summary>SendGrid: a list of events in each post.</summary>
internal static class SendgridEvents
{
    public static ProviderEvent? Read(JsonElement data)
    {
        if (FindingOf(data) is not { } finding || data.Id("sg_event_id") is not { } id)
            return null;
        return new ProviderEvent(finding, id)
        {
            // Unique arguments stand beside the event's own fields.
            Token = JsonFields.Token(data.Word(ProviderEvent.TokenName) ?? data.Word("unique_args", ProviderEvent.TokenName)),
            // Its SMTP reply names what stands before the first dot.
            ProviderMessageId = data.Id("sg_message_id")?.Split('.')[0],
            MessageId = JsonFields.MessageId(data.Word("smtp-id")),
        };
    }

    private static InboundFinding? FindingOf(JsonElement data)
    {
        var person = data.Word("email");
        return data.Word("event") switch
        {
            "bounce" => ProviderVerdict.Of(data.Word("type") == "blocked" ? ProviderWord.Failed : ProviderWord.Gone, data.Word("status"), data.Word("reason"), person),
            "blocked" => ProviderVerdict.Of(ProviderWord.Failed, data.Word("status"), data.Word("reason"), person),
            "deferred" => ProviderVerdict.Of(ProviderWord.Deferred, data.Word("status"), data.Word("response") ?? data.Word("reason"), person),
            "dropped" => data.Word("reason") switch
            {
                "Bounced Address" or "Invalid" => ProviderVerdict.Suppressed(person),
                // The person said so of an earlier message: SendGrid didn't send this one.
                "Unsubscribed Address" or "Spam Reporting Address" => ProviderVerdict.Unsubscribed(person),
                var reason => ProviderVerdict.Of(ProviderWord.Refused, null, reason, person),
            },
            "spamreport" => ProviderVerdict.Complained(person),
            "unsubscribe" or "group_unsubscribe" => ProviderVerdict.Unsubscribed(person),
            _ => null,
        };
    }
}
