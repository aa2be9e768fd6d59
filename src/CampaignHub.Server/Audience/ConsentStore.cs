using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>Changes the consent of a person who is stored already; one of the few doors through which later rooms write upstream.</summary>
internal static class ConsentStore
{
    /// <summary>
    /// Takes the person's own no, which always holds: where a source has dated its yes ahead of the clock, the no counts
    /// from that instant, so that the same yes, said again, can't lift it.
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="recipientId">Who says it.</param>
    /// <param name="source">How it came.</param>
    /// <param name="evidence">What it rests on: see <see cref="RestOnAsync"/>.</param>
    /// <param name="at">When it was said.</param>
    /// <param name="now">Business time.</param>
    /// <param name="ipCountry">The country that it was said from, where that is known.</param>
    /// <returns>The consent afterwards; null where there is no such person any more.</returns>
    public static async Task<Consent?> WithdrawAsync(
        TenantTransaction transaction, Guid recipientId, string source, string evidence, Instant at, Instant now, string? ipCountry = null)
    {
        await RestOnAsync(transaction, evidence, ipCountry: ipCountry);
        if (await RecipientStore.LockAsync(transaction, recipientId) is not { } recipient)
            return null;
        var said = recipient.ConsentAt is { } held && held > at ? held : at;
        return await WriteAsync(transaction, recipient, new StatedConsent(ConsentStatement.Withdrawn, source, said), ConsentChannel.Data, now);
    }

    /// <summary>
    /// Names what consents that are written from now on in the transaction rest on, such as <c>delivery:…</c>, the words that were agreed to,
    /// and the country that the person's own request came from. What was before is kept by the table itself.
    /// </summary>
    public static Task RestOnAsync(TenantTransaction transaction, string evidence, string wording = "", string? ipCountry = null) => transaction.ExecuteAsync("""
        SELECT set_config('campaignhub.evidence', @evidence, true), set_config('campaignhub.wording', @wording, true),
            set_config('campaignhub.ip_country', coalesce(@ipCountry, ''), true)
        """, new { evidence, wording, ipCountry });

    /// <summary>
    /// Takes the person's own confirmed yes, which always holds, as <see cref="WithdrawAsync"/> takes their no: it lifts a withdrawal
    /// whose instant isn't known, or was dated ahead of the clock, which a yes that somebody states for them doesn't.
    /// </summary>
    public static async Task ConfirmAsync(TenantTransaction transaction, Guid recipientId, string source, Instant now)
    {
        if (await RecipientStore.LockAsync(transaction, recipientId) is not { Consent.Status: not ConsentStatus.Granted } recipient)
            return;
        var said = recipient.ConsentAt is { } held && held > now ? held : now;
        await WriteAsync(transaction, recipient, new Consent(ConsentStatus.Granted, source, said), now);
    }

    /// <summary>A person's consent as it is, and before it as it was, the newest first.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="recipientId">The person.</param>
    /// <param name="before">Only entries older than this one; null: from what is so now.</param>
    /// <param name="limit">How many at the most.</param>
    public static Task<IReadOnlyList<ConsentEntry>> HistoryAsync(TenantTransaction transaction, Guid recipientId, long? before, int limit) =>
        transaction.QueryAsync<ConsentEntry>(History, new { transaction.TenantId, recipientId, before, limit });

    /// <summary>All of it.</summary>
    public static IAsyncEnumerable<ConsentEntry> OfRecipientAsync(TenantTransaction transaction, Guid recipientId) =>
        transaction.StreamAsync<ConsentEntry>(History, new { transaction.TenantId, recipientId, before = (long?)null, limit = (int?)null });

    /// <summary>Takes a statement by Core's table, under a lock of the person's row.</summary>
    /// <returns>The consent afterwards, changed or not; null where there is no such person any more.</returns>
    public static async Task<Consent?> ApplyAsync(
        TenantTransaction transaction, Guid recipientId, StatedConsent stated, ConsentChannel channel, Instant now) =>
        await RecipientStore.LockAsync(transaction, recipientId) is { } recipient
            ? await WriteAsync(transaction, recipient, stated, channel, now)
            : null;

    private static async Task<Consent?> WriteAsync(
        TenantTransaction transaction, Recipient locked, StatedConsent stated, ConsentChannel channel, Instant now)
    {
        var after = Consent.After(locked.Consent, stated, channel);
        if (after != locked.Consent)
            await WriteAsync(transaction, locked, after, now);
        return after;
    }

    private static async Task WriteAsync(TenantTransaction transaction, Recipient locked, Consent after, Instant now)
    {
        await transaction.ExecuteAsync("""
            UPDATE recipients SET consent_status = @status, consent_source = @Source, consent_at = @At, updated_at = @now
            WHERE tenant_id = @TenantId AND recipient_id = @RecipientId
            """, new { transaction.TenantId, locked.RecipientId, status = after.Status.Word(), after.Source, after.At, now });
        await RecipientEvents.NoteConsentAsync(transaction, locked.RecipientId, locked.Consent, after, now);
    }

    private const string History = """
        SELECT consent_status AS status, consent_source AS source, consent_at AS at, consent_evidence AS evidence, consent_wording AS wording,
            consent_ip_country AS ip_country, NULL::timestamptz AS replaced_at, 9223372036854775807 AS entry
        FROM recipients WHERE tenant_id = @TenantId AND recipient_id = @recipientId AND @before::bigint IS NULL
        UNION ALL
        SELECT status, source, at, evidence, wording, ip_country, replaced_at, entry
        FROM consent_history WHERE tenant_id = @TenantId AND recipient_id = @recipientId AND entry < coalesce(@before, 9223372036854775807)
        ORDER BY entry DESC LIMIT @limit
        """;
}
