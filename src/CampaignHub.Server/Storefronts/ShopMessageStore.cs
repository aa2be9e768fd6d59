using System.Text;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>A message as it was posted.</summary>
/// <param name="EventKey">What a replay has in common with the first.</param>
/// <param name="Topic">As the shop names it.</param>
/// <param name="TriggeredAt">By the shop's clock; null where its header doesn't tell.</param>
/// <param name="PersonKeys">Whom it is about.</param>
/// <param name="Payload">The raw body.</param>
internal sealed record PostedMessage(string EventKey, string Topic, Instant? TriggeredAt, string[] PersonKeys, byte[] Payload);

/// <summary>A message that waits to be worked off.</summary>
internal sealed record StoredMessage
{
    public long MessageNo { get; init; }
    public string Topic { get; init; } = "";
    public Instant? TriggeredAt { get; init; }
    public Instant ReceivedAt { get; init; }
    public string[] PersonKeys { get; init; } = [];
    public byte[] Payload { get; init; } = [];
    public int Attempts { get; init; }
    public bool IsPutOff { get; init; }
}

/// <summary>Writes and reads what shops have posted; nothing else does.</summary>
internal static class ShopMessageStore
{
    /// <summary>Stores it for good, once; a replay changes nothing. Committed when this returns.</summary>
    public static Task InsertAsync(Database database, Guid tenantId, Guid storefrontId, PostedMessage message, Instant now, CancellationToken ct) => database.ExecuteHotAsync(
        [tenantId],
        """
        INSERT INTO storefront_messages (tenant_id, storefront_id, event_key, topic, triggered_at, received_at, person_keys, payload, state)
        VALUES (@tenant, @storefront, @key, @topic, (@triggered)[1], @now, @people, @payload, 'pending')
        ON CONFLICT (tenant_id, storefront_id, event_key) DO NOTHING
        """,
        ct,
        ("tenant", tenantId), ("storefront", storefrontId), ("key", message.EventKey), ("topic", message.Topic),
        ("triggered", new[] { message.TriggeredAt }), ("now", now), ("people", message.PersonKeys), ("payload", message.Payload));

    /// <summary>
    /// The oldest messages that may be worked off, by their numbers. One that is put off holds back what came after it about the
    /// same people, and nobody else. A batch and not one by one: what waits may be sorted for it.
    /// </summary>
    public static Task<IReadOnlyList<long>> ReadyAsync(TenantTransaction transaction, Guid storefrontId, int most) => transaction.QueryAsync<long>("""
        SELECT m.message_no FROM storefront_messages m
        WHERE m.tenant_id = @TenantId AND m.storefront_id = @storefrontId AND m.state = 'pending'
          AND (m.next_attempt_at IS NULL OR m.next_attempt_at <= clock_timestamp())
          AND NOT EXISTS (
              SELECT FROM storefront_messages b
              WHERE b.tenant_id = @TenantId AND b.storefront_id = @storefrontId AND b.state = 'pending' AND b.message_no < m.message_no
                AND b.next_attempt_at > clock_timestamp() AND b.person_keys && m.person_keys)
        ORDER BY m.message_no LIMIT @most
        """, new { transaction.TenantId, storefrontId, most });

    /// <summary>Those of these messages that wait still, in their order: another node may have been faster. The caller has the storefront's turn.</summary>
    public static Task<IReadOnlyList<StoredMessage>> PendingAsync(TenantTransaction transaction, Guid storefrontId, long[] messageNos) => transaction.QueryAsync<StoredMessage>("""
        SELECT message_no, topic, triggered_at, received_at, person_keys, payload, attempts, coalesce(next_attempt_at > clock_timestamp(), false) AS is_put_off
        FROM storefront_messages
        WHERE tenant_id = @TenantId AND storefront_id = @storefrontId AND message_no = ANY (@messageNos) AND state = 'pending'
        ORDER BY message_no
        """, new { transaction.TenantId, storefrontId, messageNos });

    /// <summary>Their last state. Payloads stay for 30 days, as they came, unless they are erased at once.</summary>
    public static Task FinishAsync(TenantTransaction transaction, Guid storefrontId, IReadOnlyCollection<FinishedMessage> finished) => transaction.ExecuteAsync("""
        UPDATE storefront_messages m SET state = f.state, next_attempt_at = NULL,
            payload = CASE WHEN f.is_erased THEN NULL ELSE payload END, person_keys = CASE WHEN f.is_erased THEN '{}' ELSE person_keys END
        FROM unnest(@numbers, @states, @erased) AS f (message_no, state, is_erased)
        WHERE m.tenant_id = @TenantId AND m.storefront_id = @storefrontId AND m.message_no = ANY (@numbers) AND m.message_no = f.message_no
        """, new
    {
        transaction.TenantId,
        storefrontId,
        numbers = finished.Select(f => f.Message.MessageNo).ToArray(),
        states = finished.Select(f => f.Outcome.State).ToArray(),
        erased = finished.Select(f => f.Outcome.IsErased).ToArray(),
    });

    /// <summary>It is tried again after 1 s, then twice as long each time.</summary>
    public static Task PutOffAsync(TenantTransaction transaction, Guid storefrontId, long messageNo) => transaction.ExecuteAsync("""
        UPDATE storefront_messages SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + 2 ^ attempts * interval '1 second'
        WHERE tenant_id = @TenantId AND storefront_id = @storefrontId AND message_no = @messageNo
        """, new { transaction.TenantId, storefrontId, messageNo });

    /// <summary>Erases what messages about these people say; that they came stays, so that a replay is still one.</summary>
    /// <param name="transaction">The tenant's.</param>
    /// <param name="storefrontId">The shop.</param>
    /// <param name="personKeys">Null: everybody's.</param>
    /// <returns>How many.</returns>
    public static Task<int> EraseAsync(TenantTransaction transaction, Guid storefrontId, string[]? personKeys) => transaction.ExecuteAsync("""
        UPDATE storefront_messages SET payload = NULL, person_keys = '{}'
        WHERE tenant_id = @TenantId AND storefront_id = @storefrontId AND state <> 'pending' AND payload IS NOT NULL
          AND (@personKeys::text[] IS NULL OR person_keys[1] = ANY (@personKeys) OR person_keys[2] = ANY (@personKeys))
        """, new { transaction.TenantId, storefrontId, personKeys });

    /// <summary>
    /// Erases what shops' messages about these people say. For whom all shops' turns are held, before the people are gone: they are
    /// found by what shops know them by, and by their address.
    /// </summary>
    /// <returns>How many.</returns>
    public static Task<int> ForgetPeopleAsync(TenantTransaction transaction, Guid[] recipientIds) => transaction.ExecuteAsync($"""
        UPDATE storefront_messages SET payload = NULL, person_keys = '{"{}"}'
        WHERE tenant_id = @TenantId AND (storefront_id, message_no) IN ({AboutPeople}) AND state <> 'pending' AND payload IS NOT NULL
        """, new { transaction.TenantId, recipientIds });

    /// <summary>What shops posted about a person, as it came, the oldest first.</summary>
    public static IAsyncEnumerable<PersonPost> OfRecipientAsync(TenantTransaction transaction, Guid recipientId) => transaction.StreamAsync<PersonPost>($"""
        SELECT storefront_id, received_at, topic, payload AS payload_bytes FROM storefront_messages
        WHERE tenant_id = @TenantId AND (storefront_id, message_no) IN ({AboutPeople}) AND payload IS NOT NULL
        ORDER BY storefront_id, message_no
        """, new { transaction.TenantId, recipientIds = new[] { recipientId } });

    /// <summary>Forgets a batch of those that were received before; true if there may be more.</summary>
    public static async Task<bool> DeleteOldAsync(TenantTransaction transaction, Instant before, int most) => await transaction.ExecuteAsync("""
        DELETE FROM storefront_messages WHERE tenant_id = @TenantId AND (storefront_id, message_no) IN (
            SELECT storefront_id, message_no FROM storefront_messages
            WHERE tenant_id = @TenantId AND state <> 'pending' AND received_at < @before LIMIT @most)
        """, new { transaction.TenantId, before, most }) == most;

    // Place by place and not by overlap: behind the policy of the tenants an index serves nothing but plain comparisons.
    private const string AboutPeople = """
        WITH theirs AS MATERIALIZED (
            SELECT c.storefront_id, c.customer_key AS key FROM storefront_customers c
            WHERE c.tenant_id = @TenantId AND c.recipient_id = ANY (@recipientIds)
            UNION
            SELECT s.storefront_id, 'e:' || encode(r.address_hash, 'hex') FROM recipients r JOIN storefronts s ON s.tenant_id = r.tenant_id
            WHERE r.tenant_id = @TenantId AND r.recipient_id = ANY (@recipientIds)
        )
        SELECT m.storefront_id, m.message_no FROM theirs t
        JOIN storefront_messages m ON m.tenant_id = @TenantId AND m.storefront_id = t.storefront_id AND m.person_keys[1] = t.key
        UNION
        SELECT m.storefront_id, m.message_no FROM theirs t
        JOIN storefront_messages m ON m.tenant_id = @TenantId AND m.storefront_id = t.storefront_id AND m.person_keys[2] = t.key
        """;
}

/// <summary>What a shop posted about a person.</summary>
public sealed record PersonPost
{
    /// <summary>The shop.</summary>
    public Guid StorefrontId { get; init; }

    /// <summary>When it came.</summary>
    public Instant ReceivedAt { get; init; }

    /// <summary>As the shop names it.</summary>
    public string Topic { get; init; } = "";

    /// <summary>The JSON that was posted, as text: it may be nested deeper than an answer of ours.</summary>
    public string Payload => Encoding.UTF8.GetString(PayloadBytes);

    internal byte[] PayloadBytes { get; init; } = [];
}
