using CampaignHub.Server.Audience;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>Somebody's wish to get no more mail, stated from one delivery.</summary>
internal sealed record Unsubscription
{
    public Guid DeliveryId { get; init; }
    public Guid CampaignId { get; init; }
    public Guid RecipientId { get; init; }

    /// <summary>Who the mail was from, for the page.</summary>
    public string TenantName { get; init; } = "";

    /// <summary>The person's, as far as it is known: what the page speaks.</summary>
    public string? Locale { get; init; }

    /// <summary>What unsubscribing from this delivery means; null if it isn't in the ledger.</summary>
    public static Task<Unsubscription?> FindAsync(TenantTransaction transaction, Guid deliveryId) =>
        transaction.QueryFirstOrDefaultAsync<Unsubscription>("""
            SELECT d.delivery_id, d.campaign_id, d.recipient_id, t.name AS tenant_name, r.locale
            FROM deliveries d JOIN tenants t ON t.tenant_id = d.tenant_id
                LEFT JOIN recipients r ON r.tenant_id = d.tenant_id AND r.recipient_id = d.recipient_id
            WHERE d.tenant_id = @TenantId AND d.delivery_id = @deliveryId
            """, new { transaction.TenantId, deliveryId });

    /// <summary>Withdraws the person's consent, and notes it once for this delivery however often it is asked.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="now">Business time.</param>
    /// <param name="ipCountry">The country that the person is in, where that is known.</param>
    public async Task ApplyAsync(TenantTransaction transaction, Instant now, string? ipCountry = null)
    {
        await ConsentStore.WithdrawAsync(transaction, RecipientId, "unsubscribe", $"delivery:{DeliveryId}", now, now, ipCountry);
        if (await IsFirstAsync(transaction))
            await EventLog.AppendAsync(transaction, [ToEvent(now)], now);
    }

    /// <summary>The lock makes simultaneous requests of one delivery see each other's event.</summary>
    private async Task<bool> IsFirstAsync(TenantTransaction transaction)
    {
        await transaction.TakeTurnAsync($"unsubscribe {DeliveryId}");
        return await transaction.QuerySingleAsync<bool>("""
            SELECT NOT EXISTS (SELECT 1 FROM events WHERE tenant_id = @TenantId AND delivery_id = @DeliveryId AND type = @type)
            """, new { transaction.TenantId, DeliveryId, type = EventTypes.Unsubscribed });
    }

    private Event ToEvent(Instant now) =>
        new(EventTypes.Unsubscribed, now) { CampaignId = CampaignId, DeliveryId = DeliveryId, RecipientId = RecipientId };
}
