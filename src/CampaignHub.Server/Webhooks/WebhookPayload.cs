using System.Security.Cryptography;
using System.Text;
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

    /// <summary>Several events in one call.</summary>
    public static byte[] OfMany(IEnumerable<EventView> happened, Instant now) => Bytes(new WebhookPayload(
        "events.batch", now, happened.Select(one => new WebhookPayload(one.Type, one.At, one)).ToArray()));

    /// <summary>
    /// What a call of these events is known by: of one its own id, of several a digest of theirs. The same events have the same one each
    /// time; others, as when some of a batch were taken meanwhile, have another, so that nobody who remembers ids passes anything over.
    /// </summary>
    public static string IdOf(IReadOnlyList<Guid> events, bool isBatch) => isBatch
        ? "batch_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', events))).AsSpan(0, 16)) : events[0].ToString();

    /// <summary>A call that says nothing but that it came.</summary>
    public static byte[] Test(Guid webhookId, Instant now) => Bytes(new WebhookPayload("webhook.test", now, new { webhook_id = webhookId }));

    private static byte[] Bytes(WebhookPayload payload) => JsonSerializer.SerializeToUtf8Bytes(payload, ApiJson.Options);
}
