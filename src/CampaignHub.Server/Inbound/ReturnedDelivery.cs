using CampaignHub.Core;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Inbound;

/// <summary>The delivery that a mail is about.</summary>
internal sealed record ReturnedDelivery
{
    public Guid DeliveryId { get; init; }
    public Guid CampaignId { get; init; }
    public Guid RecipientId { get; init; }

    /// <summary>The address that was mailed; null once the person was deleted.</summary>
    public string? Email { get; init; }

    public string MailDomain { get; init; } = "";

    public string StateWord { get; init; } = "";

    /// <summary>Whether its relay's answer isn't recorded yet: what came back was faster, and is to come again.</summary>
    public bool IsOnTheWire => StateWord == DeliveryState.Sending.Word();

    /// <summary>Whether it left, as far as we know: only then a bounce takes it back.</summary>
    public bool HasLeft => WireWords.Parse<DeliveryState>(StateWord) is DeliveryState.Accepted or DeliveryState.Uncertain or DeliveryState.Held;

    public static Task<ReturnedDelivery?> FindAsync(TenantTransaction transaction, Guid deliveryId) =>
        transaction.QueryFirstOrDefaultAsync<ReturnedDelivery>("""
            SELECT delivery_id, campaign_id, recipient_id, email, mail_domain, state AS state_word
            FROM deliveries WHERE tenant_id = @TenantId AND delivery_id = @deliveryId
            """, new { transaction.TenantId, deliveryId });

    /// <summary>Whether the delivery's message bore this Message-ID.</summary>
    public static Task<bool> IsOfMessageAsync(TenantTransaction transaction, Guid deliveryId, string messageId) => transaction.QuerySingleAsync<bool>("""
        SELECT EXISTS (SELECT 1 FROM deliveries WHERE tenant_id = @TenantId AND delivery_id = @deliveryId AND message_id = @messageId)
        """, new { transaction.TenantId, deliveryId, messageId });
}
