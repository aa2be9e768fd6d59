using System.Text.Json;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Json;
using NodaTime;

namespace CampaignHub.Server.Webhooks;

/// <summary>What a webhook is called with: the event's type, when it happened, and the event as the feed has it.</summary>
/// <param name="Type">The event's type.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Data">The event.</param>
internal sealed record WebhookPayload(string Type, Instant Timestamp, object Data)
{
    public static byte[] Of(EventView happened) => Bytes(new WebhookPayload(happened.Type, happened.At, happened));

    /// <summary>A call that says nothing but that it came.</summary>
    public static byte[] Test(Guid webhookId, Instant now) => Bytes(new WebhookPayload("webhook.test", now, new { webhook_id = webhookId }));

    private static byte[] Bytes(WebhookPayload payload) => JsonSerializer.SerializeToUtf8Bytes(payload, ApiJson.Options);
}
