using System.Text.Json;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>A shop's customer, as the shop last told of them.</summary>
internal sealed record ShopCustomer
{
    public string CustomerKey { get; init; } = "";

    /// <summary>Null: they aren't a recipient, or not any more.</summary>
    public Guid? RecipientId { get; init; }

    /// <summary>They became a recipient by this shop.</summary>
    public bool Brought { get; init; }

    public Instant? SaidAt { get; init; }
    public string? ConsentSaid { get; init; }

    /// <summary>Tag → when it was last added or removed.</summary>
    public string TagTimes { get; init; } = "{}";

    public Instant? GoneAt { get; init; }
}

/// <summary>Writes and reads shops' customers; nothing else does. Whoever does has the storefront's turn.</summary>
internal static class ShopCustomerStore
{
    public static Task<ShopCustomer?> FindAsync(TenantTransaction transaction, Guid storefrontId, string customerKey) => transaction.QueryFirstOrDefaultAsync<ShopCustomer>("""
        SELECT customer_key, recipient_id, brought, said_at, consent_said, tag_times, gone_at FROM storefront_customers
        WHERE tenant_id = @TenantId AND storefront_id = @storefrontId AND customer_key = @customerKey
        """, new { transaction.TenantId, storefrontId, customerKey });

    public static Task SaveAsync(TenantTransaction transaction, Guid storefrontId, ShopCustomer c) => transaction.ExecuteAsync("""
        INSERT INTO storefront_customers (tenant_id, storefront_id, customer_key, recipient_id, brought, said_at, consent_said, tag_times, gone_at)
        VALUES (@TenantId, @storefrontId, @CustomerKey, @RecipientId, @Brought, @SaidAt, @ConsentSaid, @TagTimes::jsonb, @GoneAt)
        ON CONFLICT (tenant_id, storefront_id, customer_key) DO UPDATE
        SET recipient_id = excluded.recipient_id, brought = excluded.brought, said_at = excluded.said_at, consent_said = excluded.consent_said,
            tag_times = excluded.tag_times, gone_at = excluded.gone_at
        """, new { transaction.TenantId, storefrontId, c.CustomerKey, c.RecipientId, c.Brought, c.SaidAt, c.ConsentSaid, c.TagTimes, c.GoneAt });

    /// <summary>The recipients that these are.</summary>
    public static async Task<Guid[]> RecipientsAsync(TenantTransaction transaction, Guid storefrontId, string[] customerKeys) => [.. await transaction.QueryAsync<Guid>("""
        SELECT DISTINCT recipient_id FROM storefront_customers
        WHERE tenant_id = @TenantId AND storefront_id = @storefrontId AND customer_key = ANY (@customerKeys) AND recipient_id IS NOT NULL
        """, new { transaction.TenantId, storefrontId, customerKeys })];

    /// <summary>As whom shops know a person.</summary>
    public static IAsyncEnumerable<PersonStorefront> OfRecipientAsync(TenantTransaction transaction, Guid recipientId) => transaction.StreamAsync<PersonStorefront>("""
        SELECT storefront_id, CASE WHEN customer_key LIKE 'c:%' THEN substr(customer_key, 3) END AS customer_id, said_at, consent_said, tag_times AS tag_times_json
        FROM storefront_customers WHERE tenant_id = @TenantId AND recipient_id = @recipientId ORDER BY storefront_id, customer_key
        """, new { transaction.TenantId, recipientId });

    /// <summary>Recipients whom this shop brought and no other shop knows.</summary>
    public static async Task<Guid[]> BroughtAsync(TenantTransaction transaction, Guid storefrontId, int most) => [.. await transaction.QueryAsync<Guid>("""
        SELECT DISTINCT c.recipient_id FROM storefront_customers c
        WHERE c.tenant_id = @TenantId AND c.storefront_id = @storefrontId AND c.brought AND c.recipient_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM storefront_customers o
            WHERE o.tenant_id = @TenantId AND o.recipient_id = c.recipient_id AND o.storefront_id <> c.storefront_id)
        LIMIT @most
        """, new { transaction.TenantId, storefrontId, most })];

    /// <summary>Forgets what any shop said of these recipients, and that they were here: only what is said later brings them back.</summary>
    public static Task ForgetPeopleAsync(TenantTransaction transaction, Guid[] recipientIds, Instant now) => transaction.ExecuteAsync($"""
        UPDATE storefront_customers SET {Forgotten} WHERE tenant_id = @TenantId AND recipient_id = ANY (@recipientIds)
        """, new { transaction.TenantId, recipientIds, now });

    /// <summary>Forgets what was said of them, and that they were here: only what is said later brings them back.</summary>
    /// <param name="transaction">The tenant's.</param>
    /// <param name="storefrontId">The shop.</param>
    /// <param name="customerKeys">Null: everybody.</param>
    /// <param name="now">From when on they are gone.</param>
    public static Task EraseAsync(TenantTransaction transaction, Guid storefrontId, string[]? customerKeys, Instant now) => transaction.ExecuteAsync($"""
        UPDATE storefront_customers SET {Forgotten}
        WHERE tenant_id = @TenantId AND storefront_id = @storefrontId AND (@customerKeys::text[] IS NULL OR customer_key = ANY (@customerKeys))
        """, new { transaction.TenantId, storefrontId, customerKeys, now });

    private const string Forgotten = "recipient_id = NULL, brought = false, said_at = NULL, consent_said = NULL, tag_times = '{}', gone_at = @now";
}

/// <summary>As whom a shop knows a person.</summary>
public sealed record PersonStorefront
{
    /// <summary>The shop.</summary>
    public Guid StorefrontId { get; init; }

    /// <summary>Its own number of the customer; null of a guest.</summary>
    public string? CustomerId { get; init; }

    /// <summary>When it last said who they are.</summary>
    public Instant? SaidAt { get; init; }

    /// <summary>Its last word on their consent.</summary>
    public string? ConsentSaid { get; init; }

    /// <summary>When each tag was last given or taken, by the shop.</summary>
    public JsonElement TagTimes => JsonElement.Parse(TagTimesJson);

    internal string TagTimesJson { get; init; } = "{}";
}
