using System.Text.Json;

namespace CampaignHub.Core.Inbound.Providers;

/// <summary>Mailgun: one event in <c>event-data</c>, beside its signature.</summary>
internal static class MailgunEvents
{
    public static ProviderEvent? Read(JsonElement data)
    {
        if (FindingOf(data) is not { } finding || data.Id("id") is not { } id)
            return null;
        return new ProviderEvent(finding, id)
        {
            Token = JsonFields.Token(data.Word("user-variables", ProviderEvent.TokenName)),
            ReturnPath = JsonFields.ReturnPathOf(data.Word("envelope", "sender")),
            ProviderMessageId = data.Id("message", "headers", "message-id"),
            MessageId = JsonFields.MessageId(data.Word("message", "headers", "message-id")),
        };
    }

    private static InboundFinding? FindingOf(JsonElement data)
    {
        var recipient = data.Word("recipient");
        return data.Word("event") switch
        {
            "complained" => ProviderVerdict.Complained(recipient),
            "unsubscribed" => ProviderVerdict.Unsubscribed(recipient),
            "rejected" => ProviderVerdict.Of(ProviderWord.Refused, null, data.Word("reject", "reason"), recipient),
            "failed" when data.Word("severity") == "temporary" => Failed(ProviderWord.Deferred, data, recipient),
            "failed" => data.Word("reason") switch
            {
                "suppress-bounce" => ProviderVerdict.Suppressed(recipient),
                // The person said so of an earlier message: Mailgun didn't send this one.
                "suppress-complaint" or "suppress-unsubscribe" => ProviderVerdict.Unsubscribed(recipient),
                "bounce" or "hardfail" => Failed(ProviderWord.Gone, data, recipient),
                "espblock" => Failed(ProviderWord.Refused, data, recipient),
                _ => Failed(ProviderWord.Failed, data, recipient),
            },
            _ => null,
        };
    }

    private static InboundFinding Failed(ProviderWord word, JsonElement data, string? recipient)
    {
        const string status = "delivery-status";
        var said = string.Join(' ', new[] { data.Word(status, "code"), data.Word(status, "message"), data.Word(status, "description") }.Where(part => !string.IsNullOrEmpty(part)));
        return ProviderVerdict.Of(word, data.Word(status, "enhanced-code"), said, recipient);
    }
}
