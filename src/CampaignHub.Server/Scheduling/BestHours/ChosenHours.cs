using CampaignHub.Core;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Scheduling.BestHours;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Scheduling.BestHours;

/// <summary>
/// The hour of each person in the transaction's audience snapshot: a temporary table of the transaction, empty where the schedule names the
/// moment. People go past in batches, so that memory is the same for any number of them.
/// </summary>
internal static class ChosenHours
{
    private const int BatchSize = 20_000;
    private const int LeastOfSegment = 200;
    private const int MostSegments = 1_000;

    /// <param name="transaction">Holds the snapshot.</param>
    /// <param name="campaign">Whose hours they are.</param>
    /// <param name="plan">When each of some places would get it.</param>
    /// <param name="now">The moment of choosing.</param>
    public static async Task ChooseAsync(
        TenantTransaction transaction, Campaign campaign, Func<IReadOnlyCollection<PlanPlace>, IReadOnlyList<ZonePlan>> plan, Instant now)
    {
        await transaction.ExecuteAsync("CREATE TEMPORARY TABLE campaign_hours (recipient_id uuid, hour smallint, arm text, grounds int) ON COMMIT DROP");
        if (campaign.Schedule is BestTimeSchedule best)
            await ChooseAsync(transaction, campaign, best, plan, now);
        // An empty table too: PostgreSQL takes one that it knows nothing of for a thousand rows, and sorts and hashes all people to join them to none.
        await transaction.ExecuteAsync("ANALYZE campaign_hours");
    }

    private static async Task ChooseAsync(
        TenantTransaction transaction, Campaign campaign, BestTimeSchedule best, Func<IReadOnlyCollection<PlanPlace>, IReadOnlyList<ZonePlan>> plan, Instant now)
    {
        var choices = await ChoicesAsync(transaction, best, plan);
        // Nobody to choose for, as mostly where newcomers are looked for: what all people of the tenant read isn't looked at then.
        if (choices.Count == 0)
            return;
        var today = HourEvidence.DayNumber(now.InUtc().Date);
        var chooser = new HourChooser(campaign.CampaignId, best.Hours, await PoolsAsync(transaction, today), today);
        await transaction.ExecuteAsync("""
            DECLARE people NO SCROLL CURSOR FOR
            SELECT a.recipient_id, a.country, a.mail_domain, a.time_zone, a.holiday_country, a.unsure_country, h.readings
            FROM campaign_audience a
            LEFT JOIN reading_habits h ON h.tenant_id = @TenantId AND h.recipient_id = a.recipient_id
            WHERE a.verdict = 'included'
            """, new { transaction.TenantId });
        while (await transaction.QueryAsync<Reader>($"FETCH {BatchSize} FROM people") is { Count: > 0 } people)
            await KeepAsync(transaction, [.. people.Select(p => (p.RecipientId, chooser.Choose(p.RecipientId, p.Country, p.MailDomain, p.Readings ?? [], choices[p.Place])))]);
        await transaction.ExecuteAsync("CLOSE people");
    }

    /// <summary>The hours that each place can choose from: those whose moment isn't skipped; where all are, the fixed one.</summary>
    private static async Task<Dictionary<PlanPlace, HourChoice[]>> ChoicesAsync(
        TenantTransaction transaction, BestTimeSchedule schedule, Func<IReadOnlyCollection<PlanPlace>, IReadOnlyList<ZonePlan>> plan)
    {
        var places = (await transaction.QueryAsync<(string TimeZone, string? HolidayCountry, string? UnsureCountry)>(
            "SELECT DISTINCT time_zone, holiday_country, unsure_country FROM campaign_audience WHERE verdict = 'included'"))
            .Select(p => new PlanPlace(p.TimeZone, p.HolidayCountry) { UnsureCountry = p.UnsureCountry }).ToList();
        var hours = schedule.AllowedHoursOfDay.ToList();
        var plans = plan([.. from place in places from hour in hours select place with { Hour = hour }]).ToLookup(p => p.Place with { Hour = null });
        return places.ToDictionary(place => place, place => Choices([.. plans[place]], schedule.Hours.FixedHour));
    }

    private static HourChoice[] Choices(IReadOnlyCollection<ZonePlan> plans, int fixedHour)
    {
        // A moment that goes at once, since it has just passed, is not that hour: it would be learned from as another.
        var ahead = plans.Where(plan => plan.Outcome == ZoneOutcome.Send && plan.Passed != PassedOutcome.AtOnce).ToList();
        if (ahead.Count == 0)
            ahead = [.. plans.Where(plan => plan.Hour == fixedHour)];
        return [.. ahead.Select(plan => new HourChoice(plan.Hour!.Value, HourEvidence.DayNumber(plan.DueAt!.Value.InZone(TimeZoneData.Zones[plan.TimeZone]).Date)))];
    }

    private static async Task<ReadingPools> PoolsAsync(TenantTransaction transaction, int today)
    {
        var segments = await transaction.QueryAsync<(string? Country, string MailDomain)>("""
            SELECT country, mail_domain FROM recipients WHERE tenant_id = @TenantId
            GROUP BY country, mail_domain HAVING count(*) >= @LeastOfSegment ORDER BY count(*) DESC, country, mail_domain LIMIT @MostSegments
            """, new { transaction.TenantId, LeastOfSegment, MostSegments });
        var pools = new ReadingPools(today, segments);
        await using var rows = await transaction.ReadAsync("""
            SELECT r.country, r.mail_domain, h.readings
            FROM reading_habits h JOIN recipients r ON r.tenant_id = h.tenant_id AND r.recipient_id = h.recipient_id
            WHERE h.tenant_id = @TenantId ORDER BY h.recipient_id
            """, new { transaction.TenantId });
        while (await rows.ReadAsync(transaction.Cancellation))
            pools.Add(await rows.IsDBNullAsync(0, transaction.Cancellation) ? null : rows.GetString(0), rows.GetString(1), rows.GetFieldValue<int[]>(2));
        return pools;
    }

    private static Task<int> KeepAsync(TenantTransaction transaction, (Guid RecipientId, ChosenHour Chosen)[] people) => transaction.ExecuteAsync("""
        INSERT INTO campaign_hours (recipient_id, hour, arm, grounds)
        SELECT recipient_id, hour, arm, grounds FROM unnest(@ids, @hours, @arms, @grounds) AS h (recipient_id, hour, arm, grounds)
        """, new
    {
        ids = Array.ConvertAll(people, p => p.RecipientId),
        hours = Array.ConvertAll(people, p => p.Chosen.Hour),
        arms = Array.ConvertAll(people, p => p.Chosen.Arm.Word()),
        grounds = Array.ConvertAll(people, p => p.Chosen.Grounds.Code),
    });

    private sealed record Reader
    {
        public Guid RecipientId { get; init; }
        public string? Country { get; init; }
        public string MailDomain { get; init; } = "";
        public string TimeZone { get; init; } = "";
        public string? HolidayCountry { get; init; }
        public string? UnsureCountry { get; init; }
        public int[]? Readings { get; init; }

        public PlanPlace Place => new(TimeZone, HolidayCountry) { UnsureCountry = UnsureCountry };
    }
}
