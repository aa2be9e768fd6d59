using System.Security.Cryptography;
using System.Text;
using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Inbound;
using CampaignHub.Core.Inbound.Providers;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>Keeps what providers posted, each post once, until it is worked off.</summary>
internal static class ProviderEventStore
{
    private const int MostForgotten = 10_000;

    /// <summary>Keeps what a post says; false where the same post was taken before.</summary>
    /// <param name="transaction">Of the feed's tenant.</param>
    /// <param name="feed">The feed.</param>
    /// <param name="identity">What the provider signed, or as much of it as tells one post from another.</param>
    /// <param name="events">What it says; of one that is kept already nothing more is kept.</param>
    /// <param name="now">Business time.</param>
    public static async Task<bool> KeepAsync(TenantTransaction transaction, ProviderFeed feed, byte[] identity, IReadOnlyList<ProviderEvent> events, Instant now)
    {
        if (await transaction.ExecuteAsync("""
            INSERT INTO provider_posts (tenant_id, feed_id, digest, received_at) VALUES (@TenantId, @FeedId, @digest, @now) ON CONFLICT DO NOTHING
            """, new { transaction.TenantId, feed.FeedId, digest = SHA256.HashData(identity), now }) == 0)
            return false;
        if (events.Count > 0)
            await InsertAsync(transaction, feed, events, now);
        return true;
    }

    /// <summary>The event, if it is due and no other node has it just now.</summary>
    public static Task<KeptEvent?> ClaimAsync(TenantTransaction transaction, Guid eventId) => transaction.QueryFirstOrDefaultAsync<KeptEvent>("""
        SELECT e.event_id, e.feed_id, f.kind, e.digest, e.class, e.rule, e.is_final, e.code, e.diagnostic, e.recipient_id, e.token,
               e.provider_message_id, e.return_path, e.message_id, e.tries
        FROM provider_events e JOIN provider_feeds f ON f.tenant_id = e.tenant_id AND f.feed_id = e.feed_id
        WHERE e.tenant_id = @TenantId AND e.event_id = @eventId AND e.next_try_at <= clock_timestamp() FOR UPDATE OF e SKIP LOCKED
        """, new { transaction.TenantId, eventId });

    /// <summary>The person's delivery whose relay named this id when it took the message.</summary>
    public static Task<Guid?> FindByReplyAsync(TenantTransaction transaction, Guid recipientId, string providerMessageId) => transaction.QueryFirstOrDefaultAsync<Guid?>("""
        SELECT delivery_id FROM deliveries
        WHERE tenant_id = @TenantId AND recipient_id = @recipientId AND strpos(smtp_reply, @providerMessageId) > 0 LIMIT 1
        """, new { transaction.TenantId, recipientId, providerMessageId });

    public static async Task<bool> RemoveAsync(TenantTransaction transaction, Guid eventId) => await transaction.ExecuteAsync(
        "DELETE FROM provider_events WHERE tenant_id = @TenantId AND event_id = @eventId", new { transaction.TenantId, eventId }) == 1;

    /// <summary>Has it tried again after so long; null: gives it up.</summary>
    public static Task PutOffAsync(TenantTransaction transaction, Guid eventId, int? seconds) => transaction.ExecuteAsync("""
        UPDATE provider_events SET tries = tries + 1, next_try_at = clock_timestamp() + @seconds * interval '1 second'
        WHERE tenant_id = @TenantId AND event_id = @eventId
        """, new { transaction.TenantId, eventId, seconds });

    public static Task<IReadOnlyList<UnmatchedEventView>> UnmatchedAsync(TenantTransaction transaction, Guid feedId, Guid? after, int limit) =>
        transaction.QueryAsync<UnmatchedEventView>("""
            SELECT event_id AS id, received_at, class, rule, is_final, code, diagnostic, mail_domain, provider_message_id FROM provider_events
            WHERE tenant_id = @TenantId AND feed_id = @feedId AND next_try_at IS NULL AND (@after::uuid IS NULL OR event_id > @after)
            ORDER BY event_id LIMIT @limit
            """, new { transaction.TenantId, feedId, after, limit });

    /// <summary>Forgets a bounded number of what is older; true if there may be more.</summary>
    public static async Task<bool> ForgetAsync(TenantTransaction transaction, Instant postsUntil, Instant eventsUntil)
    {
        var posts = await transaction.ExecuteAsync("""
            DELETE FROM provider_posts WHERE tenant_id = @TenantId AND (feed_id, digest) IN (
                SELECT feed_id, digest FROM provider_posts WHERE tenant_id = @TenantId AND received_at < @postsUntil LIMIT @most)
            """, new { transaction.TenantId, postsUntil, most = MostForgotten });
        var events = await transaction.ExecuteAsync("""
            DELETE FROM provider_events WHERE tenant_id = @TenantId AND event_id IN (
                SELECT event_id FROM provider_events WHERE tenant_id = @TenantId AND next_try_at IS NULL AND received_at < @eventsUntil LIMIT @most)
            """, new { transaction.TenantId, eventsUntil, most = MostForgotten });
        return posts == MostForgotten || events == MostForgotten;
    }

    private static Task<int> InsertAsync(TenantTransaction transaction, ProviderFeed feed, IReadOnlyList<ProviderEvent> events, Instant now)
    {
        var addresses = events.Select(e => EmailAddress.TryParse(e.Finding.Recipient, out var address, out _) ? address : null).ToArray();
        return transaction.ExecuteAsync("""
            INSERT INTO provider_events (tenant_id, event_id, feed_id, received_at, digest, class, rule, is_final, code, diagnostic, mail_domain,
                recipient_id, token, provider_message_id, return_path, message_id, next_try_at)
            SELECT @TenantId, e.id, @FeedId, @now, e.digest, e.class, e.rule, e.is_final, e.code, e.diagnostic, e.mail_domain,
                   r.recipient_id, e.token, e.provider_message_id, e.return_path, e.message_id, clock_timestamp()
            FROM unnest(@ids, @digests, @classes, @rules, @finals, @codes, @diagnostics, @domains, @keys, @tokens, @providerIds, @paths, @messageIds)
                AS e (id, digest, class, rule, is_final, code, diagnostic, mail_domain, email_key, token, provider_message_id, return_path, message_id)
            LEFT JOIN recipients r ON r.tenant_id = @TenantId AND r.email_key = e.email_key
            ON CONFLICT (tenant_id, feed_id, digest) DO NOTHING
            """, new
        {
            transaction.TenantId,
            feed.FeedId,
            now,
            ids = Of(_ => Guid.CreateVersion7()),
            digests = Of(e => SHA256.HashData(Encoding.UTF8.GetBytes($"{feed.Kind} {e.Id}"))),
            classes = Of(e => e.Finding.Class.Word()),
            rules = Of(e => e.Finding.Rule),
            finals = Of(e => e.Finding.IsFinal),
            codes = Of(e => e.Finding.Code?.ToString()),
            diagnostics = Of(e => e.Finding.Diagnostic),
            domains = Array.ConvertAll(addresses, address => address?.Domain),
            keys = Array.ConvertAll(addresses, address => address?.Key),
            tokens = Of(e => e.Token),
            providerIds = Of(e => e.ProviderMessageId),
            paths = Of(e => e.ReturnPath),
            messageIds = Of(e => e.MessageId),
        });

        T[] Of<T>(Func<ProviderEvent, T> part) => [.. events.Select(part)];
    }
}

/// <summary>An event that is to be worked off.</summary>
internal sealed record KeptEvent
{
    public Guid EventId { get; init; }
    public Guid FeedId { get; init; }
    public string Kind { get; init; } = "";
    public byte[] Digest { get; init; } = [];
    public string Class { get; init; } = "";
    public string Rule { get; init; } = "";
    public bool IsFinal { get; init; }
    public string? Code { get; init; }
    public string? Diagnostic { get; init; }
    public Guid? RecipientId { get; init; }
    public string? Token { get; init; }
    public string? ProviderMessageId { get; init; }
    public string? ReturnPath { get; init; }
    public string? MessageId { get; init; }
    public int Tries { get; init; }

    public InboundFinding Finding => new(WireWords.Parse<InboundClass>(Class)!.Value, Rule)
    {
        IsFinal = IsFinal,
        Code = Code is null ? null : EnhancedCode.Parse(Code),
        Diagnostic = Diagnostic,
    };
}
