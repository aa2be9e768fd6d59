using CampaignHub.Core.Storefronts;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>What a person has bought.</summary>
/// <param name="Orders">How many orders count.</param>
/// <param name="LastOrderAt">When the last was placed.</param>
/// <param name="Currency">Of the last.</param>
/// <param name="Total">Of all in that currency.</param>
internal sealed record BoughtSoFar(int Orders, Instant LastOrderAt, string Currency, decimal Total);

/// <summary>Writes and reads orders; nothing else does.</summary>
internal static class ShopOrderStore
{
    /// <summary>What stands for the currency of an order of which nothing is known but that it was removed (ISO 4217: no currency).</summary>
    private const string NoCurrency = "XXX";

    /// <summary>Keeps an order as it is told. An older word than the one that is kept changes nothing.</summary>
    public static Task SaveAsync(TenantTransaction transaction, Guid storefrontId, Guid? recipientId, ShopOrder order, Instant saidAt) => transaction.ExecuteAsync($"""
        INSERT INTO storefront_orders AS o (tenant_id, storefront_id, order_id, recipient_id, ordered_at, said_at, total, currency, counts)
        VALUES (@TenantId, @storefrontId, @OrderId, @recipientId, @OrderedAt, @saidAt, @Total, @Currency, @Counts)
        ON CONFLICT (tenant_id, storefront_id, order_id) DO UPDATE
        SET total = excluded.total, currency = excluded.currency, counts = excluded.counts, said_at = excluded.said_at,
            recipient_id = coalesce(o.recipient_id, excluded.recipient_id),
            ordered_at = CASE WHEN o.currency = '{NoCurrency}' THEN excluded.ordered_at ELSE o.ordered_at END,
            attributed_at = CASE WHEN o.currency = '{NoCurrency}' THEN NULL ELSE o.attributed_at END
        WHERE o.said_at <= excluded.said_at
        """, new { transaction.TenantId, storefrontId, recipientId, order.OrderId, order.OrderedAt, saidAt, order.Total, order.Currency, order.Counts });

    /// <summary>An order that was removed counts no more, and what is older and comes late doesn't make it count.</summary>
    /// <returns>Whose it was; null: nobody's, as of one that wasn't told of yet.</returns>
    public static Task<Guid?> DropAsync(TenantTransaction transaction, Guid storefrontId, string orderId, Instant at) => transaction.QueryFirstOrDefaultAsync<Guid?>($"""
        INSERT INTO storefront_orders AS o (tenant_id, storefront_id, order_id, ordered_at, said_at, total, currency, counts)
        VALUES (@TenantId, @storefrontId, @orderId, @at, @at, 0, '{NoCurrency}', false)
        ON CONFLICT (tenant_id, storefront_id, order_id) DO UPDATE SET counts = false, said_at = greatest(o.said_at, @at)
        RETURNING recipient_id
        """, new { transaction.TenantId, storefrontId, orderId, at });

    /// <summary>Null where no order of theirs counts.</summary>
    public static Task<BoughtSoFar?> BoughtAsync(TenantTransaction transaction, Guid recipientId) => transaction.QueryFirstOrDefaultAsync<BoughtSoFar>("""
        WITH theirs AS (
            SELECT ordered_at, order_id, currency, total FROM storefront_orders WHERE tenant_id = @TenantId AND recipient_id = @recipientId AND counts
        ), last AS (
            SELECT ordered_at, currency FROM theirs ORDER BY ordered_at DESC, order_id LIMIT 1
        )
        SELECT count(*)::int AS orders, last.ordered_at AS last_order_at, last.currency,
            trim_scale(sum(theirs.total) FILTER (WHERE theirs.currency = last.currency)) AS total
        FROM theirs, last GROUP BY last.ordered_at, last.currency
        """, new { transaction.TenantId, recipientId });

    /// <summary>Orders that no campaign has been looked for yet, some seconds after they came.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="before">Only those that were stored before it, in real time; null: all.</param>
    /// <param name="most">How many at the most.</param>
    public static Task<IReadOnlyList<OpenOrder>> OpenAsync(TenantTransaction transaction, Instant? before, int most) => transaction.QueryAsync<OpenOrder>("""
        SELECT storefront_id, order_id, recipient_id, ordered_at FROM storefront_orders
        WHERE tenant_id = @TenantId AND attributed_at IS NULL
          AND stored_at < least(clock_timestamp() - interval '5 seconds', @before)
        ORDER BY stored_at LIMIT @most FOR NO KEY UPDATE SKIP LOCKED
        """, new { transaction.TenantId, before, most });

    /// <summary>Keeps which campaign led to each, or that none did.</summary>
    public static Task AttributeAsync(TenantTransaction transaction, IReadOnlyCollection<AttributedOrder> orders, Instant now) => transaction.ExecuteAsync("""
        UPDATE storefront_orders o
        SET campaign_id = a.campaign_id, delivery_id = a.delivery_id, clicked_at = a.clicked_at, attributed_at = @now
        FROM unnest(@storefronts, @ids, @campaigns, @deliveries, @clicks) AS a (storefront_id, order_id, campaign_id, delivery_id, clicked_at)
        WHERE o.tenant_id = @TenantId AND o.storefront_id = a.storefront_id AND o.order_id = a.order_id
        """, new
    {
        transaction.TenantId,
        now,
        storefronts = orders.Select(o => o.StorefrontId).ToArray(),
        ids = orders.Select(o => o.OrderId).ToArray(),
        campaigns = orders.Select(o => o.CampaignId).ToArray(),
        deliveries = orders.Select(o => o.DeliveryId).ToArray(),
        clicks = orders.Select(o => o.ClickedAt).ToArray(),
    });

    /// <summary>What a campaign led to, by currency; orders that count.</summary>
    public static Task<IReadOnlyList<CampaignOrders>> OfCampaignAsync(TenantTransaction transaction, Guid campaignId) => transaction.QueryAsync<CampaignOrders>("""
        SELECT currency, count(*) AS orders, trim_scale(sum(total)) AS total FROM storefront_orders
        WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND counts GROUP BY currency ORDER BY currency
        """, new { transaction.TenantId, campaignId });

    /// <summary>Makes these people's orders nobody's: their sums stay in the reports. Null: all of the shop's.</summary>
    public static Task<int> EraseAsync(TenantTransaction transaction, Guid storefrontId, Guid[]? recipientIds) => transaction.ExecuteAsync("""
        UPDATE storefront_orders SET recipient_id = NULL, delivery_id = NULL
        WHERE tenant_id = @TenantId AND storefront_id = @storefrontId AND (recipient_id IS NOT NULL OR delivery_id IS NOT NULL)
          AND (@recipientIds::uuid[] IS NULL OR recipient_id = ANY (@recipientIds))
        """, new { transaction.TenantId, storefrontId, recipientIds });

    /// <summary>A person's orders, the newest first.</summary>
    public static IAsyncEnumerable<PersonOrder> OfRecipientAsync(TenantTransaction transaction, Guid recipientId) => transaction.StreamAsync<PersonOrder>("""
        SELECT storefront_id, order_id, ordered_at, total, currency, counts, campaign_id, clicked_at FROM storefront_orders
        WHERE tenant_id = @TenantId AND recipient_id = @recipientId ORDER BY ordered_at DESC, storefront_id, order_id
        """, new { transaction.TenantId, recipientId });
}

/// <summary>Orders of one currency.</summary>
internal sealed record CampaignOrders(string Currency, long Orders, decimal Total);

/// <summary>An order whose campaign is looked for.</summary>
internal sealed record OpenOrder(Guid StorefrontId, string OrderId, Guid? RecipientId, Instant OrderedAt);

/// <summary>An order with the click that led to it; nulls: none did.</summary>
internal sealed record AttributedOrder(Guid StorefrontId, string OrderId, Guid? CampaignId, Guid? DeliveryId, Instant? ClickedAt);

/// <summary>An order of a person's.</summary>
public sealed record PersonOrder
{
    /// <summary>The shop.</summary>
    public Guid StorefrontId { get; init; }

    /// <summary>The shop's own number of it.</summary>
    public string OrderId { get; init; } = "";

    /// <summary>When it was made.</summary>
    public Instant OrderedAt { get; init; }

    /// <summary>What it came to, in <c>currency</c>.</summary>
    public decimal Total { get; init; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; init; } = "";

    /// <summary>Whether it counts: it is no test, finished, and not cancelled.</summary>
    public bool Counts { get; init; }

    /// <summary>The campaign whose click led to it; null: none did, or none has been looked for yet.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>When they made that click.</summary>
    public Instant? ClickedAt { get; init; }
}
