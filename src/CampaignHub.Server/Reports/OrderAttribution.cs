using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using CampaignHub.Server.Storefronts;
using CampaignHub.Server.Tracking;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>
/// Looks once for the campaign that led to each order: that of its buyer's last human click before it. It waits until the
/// clicks before the order have been judged, and what it finds stays.
/// </summary>
internal sealed class OrderAttribution(
    Database database, OrderAttributionRule rule, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<OrderAttribution> log)
    : TenantLoop(database, "tenants_with_open_orders", signal, health, log)
{
    private const int Batch = 500;

    protected override async Task<bool> WorkAsync(TenantTransaction transaction)
    {
        // While the judge is behind, as after a time without a worker, an order waits for it: it is looked at only once.
        var orders = await ShopOrderStore.OpenAsync(transaction, await HitStore.OldestUnjudgedAsync(transaction), Batch);
        if (orders.Count == 0)
            return false;
        var clicks = (await ClicksAsync(transaction, [.. orders.Where(o => o.RecipientId is not null)])).ToDictionary(click => (click.StorefrontId, click.OrderId));
        await ShopOrderStore.AttributeAsync(
            transaction, [.. orders.Select(o => clicks.GetValueOrDefault((o.StorefrontId, o.OrderId)) ?? new AttributedOrder(o.StorefrontId, o.OrderId, null, null, null))],
            clock.GetCurrentInstant());
        return orders.Count == Batch;
    }

    /// <summary>The last click before each, if there is any; looked up by the deliveries that the buyer got.</summary>
    private Task<IReadOnlyList<AttributedOrder>> ClicksAsync(TenantTransaction transaction, OpenOrder[] orders) => transaction.QueryAsync<AttributedOrder>("""
        SELECT o.storefront_id, o.order_id, c.campaign_id, c.delivery_id, c.clicked_at
        FROM unnest(@storefronts, @ids, @recipients, @ats) AS o (storefront_id, order_id, recipient_id, ordered_at)
        CROSS JOIN LATERAL (
            SELECT e.campaign_id, e.delivery_id, e.at AS clicked_at
            FROM deliveries d
            JOIN events e ON e.tenant_id = @TenantId AND e.delivery_id = d.delivery_id
            WHERE d.tenant_id = @TenantId AND d.recipient_id = o.recipient_id AND e.type = 'delivery.clicked' AND e.class = 'human'
              AND e.at BETWEEN o.ordered_at - make_interval(days => @Days) AND o.ordered_at
            ORDER BY e.at DESC, e.event_id DESC LIMIT 1) AS c
        """, new
    {
        transaction.TenantId,
        rule.Days,
        storefronts = Array.ConvertAll(orders, o => o.StorefrontId),
        ids = Array.ConvertAll(orders, o => o.OrderId),
        recipients = Array.ConvertAll(orders, o => o.RecipientId!.Value),
        ats = Array.ConvertAll(orders, o => o.OrderedAt),
    });
}
