using System.Text.Json;
using CampaignHub.Core.Storefronts;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Json;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>The words for what is asked.</summary>
internal static class PrivacyRequestKinds
{
    public const string ShopRedact = "shop_redact";

    public static string Of(ShopAct act) => act switch
    {
        ShopAct.RequestData => "data_request",
        ShopAct.Redact => "customer_redact",
        ShopAct.RedactShop => ShopRedact,
        _ => throw new ArgumentOutOfRangeException(nameof(act), act, "It asks for nothing of the kind."),
    };
}

/// <summary>What a shop has asked for by law, and what was done. It names nobody: a person is the shop's number and the hash of an address.</summary>
internal sealed record PrivacyRequest
{
    public Guid RequestId { get; init; }
    public Guid StorefrontId { get; init; }
    public string Domain { get; init; } = "";
    public string Kind { get; init; } = "";
    public string[] PersonKeys { get; init; } = [];
    public Instant ReceivedAt { get; init; }
    public Instant? DoneAt { get; init; }
    public string? Erased { get; init; }

    /// <summary>Read with the row: the recipients that they are still.</summary>
    public Guid[] Recipients { get; init; } = [];
}

/// <summary>Writes and reads privacy requests; nothing else does.</summary>
internal static class PrivacyRequestStore
{
    private const string Select = """
        SELECT p.request_id, p.storefront_id, p.domain, p.kind, p.person_keys, p.received_at, p.done_at, p.erased,
            ARRAY(SELECT DISTINCT c.recipient_id FROM storefront_customers c
                  WHERE c.tenant_id = @TenantId AND c.storefront_id = p.storefront_id AND c.customer_key = ANY (p.person_keys) AND c.recipient_id IS NOT NULL) AS recipients
        FROM privacy_requests p WHERE p.tenant_id = @TenantId
        """;

    public static Task InsertAsync(TenantTransaction transaction, Storefront storefront, string kind, string[] personKeys, Instant receivedAt) => transaction.ExecuteAsync("""
        INSERT INTO privacy_requests (tenant_id, request_id, storefront_id, domain, kind, person_keys, received_at)
        VALUES (@TenantId, @id, @StorefrontId, @Domain, @kind, @personKeys, @receivedAt)
        """, new { transaction.TenantId, id = Guid.CreateVersion7(), storefront.StorefrontId, storefront.Domain, kind, personKeys, receivedAt });

    public static Task<IReadOnlyList<PrivacyRequest>> ListAsync(TenantTransaction transaction, Guid? before, int limit) => transaction.QueryAsync<PrivacyRequest>(
        $"{Select} AND (@before::uuid IS NULL OR p.request_id < @before) ORDER BY p.request_id DESC LIMIT @limit", new { transaction.TenantId, before, limit });

    /// <summary>The oldest erasure that isn't done, held until the commit; what another works on is passed over.</summary>
    public static Task<PrivacyRequest?> LockNextAsync(TenantTransaction transaction) => transaction.QueryFirstOrDefaultAsync<PrivacyRequest>(
        $"{Select} AND p.done_at IS NULL AND p.kind <> 'data_request' ORDER BY p.received_at, p.request_id LIMIT 1 FOR UPDATE OF p SKIP LOCKED", new { transaction.TenantId });

    /// <summary>Adds to what was erased; with an instant, it is all.</summary>
    public static Task NoteErasedAsync(TenantTransaction transaction, Guid requestId, PrivacyErased erased, Instant? doneAt) => transaction.ExecuteAsync("""
        UPDATE privacy_requests SET erased = @erased::jsonb, done_at = @doneAt WHERE tenant_id = @TenantId AND request_id = @requestId
        """, new { transaction.TenantId, requestId, erased = JsonSerializer.Serialize(erased, ApiJson.Options), doneAt });
}
