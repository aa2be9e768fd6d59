using CampaignHub.Core;
using CampaignHub.Core.Scheduling.BestHours;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>One message to one recipient of one campaign, and why it goes when it does.</summary>
public sealed record DeliveryView
{
    /// <summary>The delivery's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>Its campaign.</summary>
    public Guid CampaignId { get; init; }

    /// <summary>Its recipient, who may have been deleted since.</summary>
    public Guid RecipientId { get; init; }

    /// <summary>The address that it goes to; null once the person was deleted.</summary>
    public string? Email { get; init; }

    /// <summary>The domain of its address, as mail is routed by it (A-labels); stays when the person is deleted.</summary>
    public string MailDomain { get; init; } = "";

    /// <summary>
    /// <c>scheduled</c>, <c>leased</c>, <c>sending</c>, <c>accepted</c>, <c>deferred</c>, <c>rejected</c>, <c>uncertain</c>,
    /// <c>suppressed</c>, <c>missed</c>, <c>cancelled</c>, <c>expired</c> or <c>held</c>.
    /// </summary>
    public string State { get; init; } = "";

    /// <summary>Attempts that count against the person; a relay's own faults don't.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is due: at its wave's instant, or when a deferred one is tried again.</summary>
    public Instant? DueAt { get; init; }

    /// <summary>The Message-ID, once an attempt was made.</summary>
    public string? MessageId { get; init; }

    /// <summary>The relay of the last attempt.</summary>
    public Guid? RelayId { get; init; }

    /// <summary>What the relay last said: code and text, at most 512 characters.</summary>
    public string? SmtpReply { get; init; }

    /// <summary>Why it ended or waits, in a stable word; null where there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>When its state last changed.</summary>
    public Instant UpdatedAt { get; init; }

    /// <summary>The answer to "why this time?".</summary>
    public DeliveryTiming Timing { get; init; } = new();
}

/// <summary>Why a delivery goes when it does.</summary>
public sealed record DeliveryTiming
{
    /// <summary>The zone that it was planned in.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>Where that zone comes from: <c>given</c>, <c>region</c>, <c>phone</c>, <c>country</c>, <c>activity</c>, <c>storefront</c>, <c>country_guess</c> or <c>fallback</c>.</summary>
    public string TimeZoneSource { get; init; } = "";

    /// <summary>The rule, such as <c>local_time 10:00</c>.</summary>
    public string Rule { get; init; } = "";

    /// <summary>The local time that the rule asks for, <c>yyyy-MM-ddTHH:mm</c>; null for <c>now</c> before launch.</summary>
    /// <example>2026-11-27T10:00</example>
    public string? Local { get; init; }

    /// <summary>The instant that the plan made of it; null for <c>now</c> before launch.</summary>
    public Instant? DueAt { get; init; }

    /// <summary>Why that instant isn't simply the local time: <c>none</c>, <c>gap</c>, <c>overlap</c>, <c>passed</c>, <c>quiet_hours</c> or <c>allowed_days</c>.</summary>
    public string Adjustment { get; init; } = "none";

    /// <summary>The wave that it goes with; null where it was missed.</summary>
    public Guid? WaveId { get; init; }

    /// <summary>The same in a sentence for a person to read, with the reason where nothing is sent.</summary>
    /// <example>10:00 on Friday 27 November in America/Sao_Paulo, known from region SP; no change</example>
    public string Explanation { get; init; } = "";

    /// <summary>How the hour was found; null unless the strategy is <c>best_time</c>.</summary>
    public DeliveryBestTime? BestTime { get; init; }
}

/// <summary>How a person's own hour was found, as it stood when the plan was computed.</summary>
public sealed record DeliveryBestTime
{
    /// <summary><c>learned</c>: the best by all that was known. <c>explored</c>: one seldom tried. <c>holdout</c>: the fixed one, so that the gain can be measured.</summary>
    public string Arm { get; init; } = "";

    /// <summary>The best hours for this person, the best first, at most three: 0 to 23 by their own clock.</summary>
    public IReadOnlyList<int> TopHours { get; init; } = [];

    /// <summary>How much of that is from when they read themselves, 0 to 100; the rest is from people like them: of their mail domain, country and tenant.</summary>
    public int OwnPercent { get; init; }

    internal static DeliveryBestTime Of(BestTimeArm arm, HourGrounds grounds) => new()
    {
        Arm = arm.Word(),
        TopHours = [.. new[] { grounds.First, grounds.Second, grounds.Third }.OfType<int>()],
        OwnPercent = grounds.OwnPercent,
    };
}

/// <summary>Reads deliveries together with their zone's plan.</summary>
internal static class DeliveryViews
{
    // The second half, from time_zone on, is the timing.
    private const string Columns = $"""
        d.delivery_id AS id, d.campaign_id, d.recipient_id, d.email, d.mail_domain, {DeliveryStore.ShownState} AS state, d.attempts,
        coalesce(d.not_before, z.due_at) AS due_at, d.message_id, d.relay_id, d.smtp_reply, d.reason, d.updated_at,
        z.time_zone, d.time_zone_source, z.rule, to_char(z.local_time, 'YYYY-MM-DD"T"HH24:MI') AS local, z.due_at,
        z.adjustment, z.wave_id, z.local_time, z.slot, z.passed, z.missed, z.unsure_country, z.hour, z.arm, d.hour_grounds, d.country,
        CASE WHEN r.time_zone = z.time_zone THEN r.region END AS region
        """;

    // The person as they are now: their region says where the zone came from, as long as they still have it.
    private const string JoinZone = """
        JOIN plan_zones z ON z.tenant_id = @TenantId AND z.campaign_id = d.campaign_id AND z.zone_number = d.zone_number
        LEFT JOIN recipients r ON r.tenant_id = @TenantId AND r.recipient_id = d.recipient_id
        """;

    public static async Task<DeliveryView?> FindAsync(TenantTransaction transaction, Guid deliveryId) => (await QueryAsync(
        transaction, $"SELECT {Columns} FROM deliveries d {JoinZone} WHERE d.tenant_id = @TenantId AND d.delivery_id = @deliveryId",
        new { transaction.TenantId, deliveryId })).SingleOrDefault();

    /// <summary>What was mailed to a person, the newest first.</summary>
    public static IAsyncEnumerable<DeliveryView> OfRecipientAsync(TenantTransaction transaction, Guid recipientId) => transaction.StreamAsync<DeliveryView, TimingRow, DeliveryView>($"""
        SELECT {Columns} FROM deliveries d {JoinZone}
        WHERE d.tenant_id = @TenantId AND d.recipient_id = @recipientId
        ORDER BY d.delivery_id DESC
        """, WithTiming, "time_zone", new { transaction.TenantId, recipientId });

    /// <summary>What the next rows of the search hold: as many as wanted, of those that one page may look through.</summary>
    public static Task<IReadOnlyList<DeliveryView>> SearchAsync(TenantTransaction transaction, DeliverySearch search, Guid? after, int limit) =>
        QueryAsync(transaction, $"""
            SELECT {Columns}
            FROM (
                SELECT d.* FROM ({Rows(search, after, "d.*")} LIMIT @most) d
                WHERE true{search.Examined}
                ORDER BY d.{search.Key} LIMIT @limit) d
            {JoinZone}
            ORDER BY d.{search.Key}
            """, Parameters(transaction, search, after, limit));

    /// <summary>The last delivery that a page looked through, where its search goes on behind it; null where that was the end.</summary>
    public static async Task<Guid?> LookedThroughAsync(TenantTransaction transaction, DeliverySearch search, Guid? after) =>
        search.Examined.Length == 0 ? null : await transaction.QueryFirstOrDefaultAsync<Guid?>(
            $"{Rows(search, after, "d.delivery_id")} OFFSET @most - 1 LIMIT 1", Parameters(transaction, search, after, 1));

    private static string Rows(DeliverySearch search, Guid? after, string columns) => $"""
        SELECT {columns} FROM deliveries d
        WHERE d.tenant_id = @TenantId{search.Indexed}{(after is null ? "" : $" AND d.{search.Key} > {KeyOfAfter(search)}")}
        ORDER BY d.{search.Key}
        """;

    private static string KeyOfAfter(DeliverySearch search) => search.CampaignId is null
        ? "@after"
        : $"(SELECT p.{search.Key} FROM deliveries p WHERE p.tenant_id = @TenantId AND p.delivery_id = @after)";

    private static object Parameters(TenantTransaction transaction, DeliverySearch search, Guid? after, int limit) => new
    {
        transaction.TenantId,
        search.CampaignId,
        search.State,
        search.RelayId,
        search.MailDomain,
        search.Reason,
        search.Reply,
        after,
        limit,
        most = DeliverySearch.MostExamined,
    };

    private static Task<IReadOnlyList<DeliveryView>> QueryAsync(TenantTransaction transaction, string sql, object parameters) =>
        transaction.QueryAsync<DeliveryView, TimingRow, DeliveryView>(sql, WithTiming, "time_zone", parameters);

    private static DeliveryView WithTiming(DeliveryView delivery, TimingRow timing) => delivery with { Timing = timing.Of(delivery) };
}
