using System.Data.Common;
using CampaignHub.Core;
using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>Writes and reads plans and their zones; nothing else does.</summary>
internal static class PlanStore
{
    /// <summary>Asks for a plan, anew if there is one.</summary>
    public static Task RequestAsync(TenantTransaction transaction, Guid campaignId, bool launchWhenReady, Instant now) =>
        transaction.ExecuteAsync("""
            INSERT INTO plans (tenant_id, campaign_id, status, launch_when_ready, requested_at)
            VALUES (@TenantId, @campaignId, 'computing', @launchWhenReady, @now)
            """, new { transaction.TenantId, campaignId, launchWhenReady, now });

    /// <summary>Drops a plan with its zones; its waves and deliveries go by their own stores.</summary>
    public static Task DeleteAsync(TenantTransaction transaction, Guid campaignId) =>
        transaction.ExecuteAsync("DELETE FROM plans WHERE tenant_id = @TenantId AND campaign_id = @campaignId", new { transaction.TenantId, campaignId });

    public static Task<Plan?> FindAsync(TenantTransaction transaction, Guid campaignId) =>
        transaction.QueryFirstOrDefaultAsync<Plan>("""
            SELECT campaign_id, status, launch_when_ready, failure, computed_at, tzdb, recipients, excluded_suppressed,
                   excluded_no_consent, excluded_unsure_zone, zone_sources AS zone_sources_json, zones_followed_at, joined, joined_through,
                   capped_by_cap, capped_by_wish, when_capped AS when_capped_word
            FROM plans WHERE tenant_id = @TenantId AND campaign_id = @campaignId
            """, new { transaction.TenantId, campaignId });

    /// <summary>True if this transaction is now the only one that computes this plan.</summary>
    public static Task<bool> TryLockAsync(TenantTransaction transaction, Guid campaignId) =>
        transaction.TryTakeTurnAsync($"plan {campaignId}");

    public static Task CompleteAsync(TenantTransaction transaction, Guid campaignId, AudienceCounts counts, ExpectedCaps? capped, Instant now) =>
        transaction.ExecuteAsync("""
            UPDATE plans
            SET status = 'ready', computed_at = @now, tzdb = @tzdb, recipients = @Included,
                excluded_suppressed = @Suppressed, excluded_no_consent = @NoConsent, excluded_unsure_zone = @UnsureZone, zone_sources = @ZoneSourcesJson::jsonb,
                capped_by_cap = @cappedByCap, capped_by_wish = @cappedByWish, when_capped = @whenCapped
            WHERE tenant_id = @TenantId AND campaign_id = @campaignId
            """, new
        {
            transaction.TenantId,
            campaignId,
            now,
            tzdb = TimeZoneData.Edition,
            counts.Included,
            counts.Suppressed,
            counts.NoConsent,
            counts.UnsureZone,
            counts.ZoneSourcesJson,
            cappedByCap = capped?.ByCap,
            cappedByWish = capped?.ByWish,
            whenCapped = capped?.WhenCapped.Word(),
        });

    /// <summary>Notes that the instants are right by this node's edition of the time zone database.</summary>
    public static Task NoteZoneDataAsync(TenantTransaction transaction, Guid campaignId) => transaction.ExecuteAsync(
        "UPDATE plans SET tzdb = @tzdb WHERE tenant_id = @TenantId AND campaign_id = @campaignId",
        new { transaction.TenantId, campaignId, tzdb = TimeZoneData.Edition });

    /// <summary>Notes until when changes of people's zones have been followed.</summary>
    public static Task NoteFollowedAsync(TenantTransaction transaction, Guid campaignId, Instant until) => transaction.ExecuteAsync(
        "UPDATE plans SET zones_followed_at = @until WHERE tenant_id = @TenantId AND campaign_id = @campaignId", new { transaction.TenantId, campaignId, until });

    /// <summary>Notes that holidays have changed, for every plan that they may concern.</summary>
    public static Task NoteHolidaysChangedAsync(TenantTransaction transaction) => transaction.ExecuteAsync("""
        WITH concerned AS (
            SELECT p.campaign_id FROM plans p JOIN campaigns c ON c.tenant_id = @TenantId AND c.campaign_id = p.campaign_id
            WHERE p.tenant_id = @TenantId AND c.status NOT IN ('finished', 'cancelled') AND jsonb_exists(c.schedule, 'allowed_days')
            ORDER BY p.campaign_id FOR NO KEY UPDATE OF p -- in one order, so that two changes beside each other don't deadlock
        )
        UPDATE plans p SET holidays_changed = true FROM concerned WHERE p.tenant_id = @TenantId AND p.campaign_id = concerned.campaign_id
        """, new { transaction.TenantId });

    /// <summary>Notes that they are followed. Before they are read: a change beside this waits, and is noted after it.</summary>
    public static Task NoteHolidaysFollowedAsync(TenantTransaction transaction, Guid campaignId) => transaction.ExecuteAsync(
        "UPDATE plans SET holidays_changed = false WHERE tenant_id = @TenantId AND campaign_id = @campaignId", new { transaction.TenantId, campaignId });

    /// <summary>Notes until when newcomers have been looked for.</summary>
    public static Task NoteJoinedThroughAsync(TenantTransaction transaction, Guid campaignId, Instant until) => transaction.ExecuteAsync(
        "UPDATE plans SET joined_through = @until WHERE tenant_id = @TenantId AND campaign_id = @campaignId", new { transaction.TenantId, campaignId, until });

    /// <summary>Counts people who have joined, in the plan and in their zones.</summary>
    public static async Task CountJoinedAsync(TenantTransaction transaction, Guid campaignId, IReadOnlyList<(int Number, long People)> zones, long joined)
    {
        await transaction.ExecuteAsync("""
            UPDATE plan_zones z SET recipients = z.recipients + j.people
            FROM unnest(@numbers, @people) AS j (zone_number, people)
            WHERE z.tenant_id = @TenantId AND z.campaign_id = @campaignId AND z.zone_number = j.zone_number
            """, new { transaction.TenantId, campaignId, numbers = zones.Select(z => z.Number).ToArray(), people = zones.Select(z => z.People).ToArray() });
        await transaction.ExecuteAsync("""
            UPDATE plans SET recipients = recipients + @joined, joined = joined + @joined WHERE tenant_id = @TenantId AND campaign_id = @campaignId
            """, new { transaction.TenantId, campaignId, joined });
    }

    /// <summary>Counts people who went from zone to zone, and drops zones that nobody is left in.</summary>
    public static async Task CountMovedAsync(TenantTransaction transaction, Guid campaignId, IReadOnlyList<(int From, int To, long People)> moved)
    {
        var changes = moved.Select(m => (Number: m.From, By: -m.People)).Concat(moved.Select(m => (Number: m.To, By: m.People)))
            .GroupBy(c => c.Number).ToDictionary(g => g.Key, g => g.Sum(c => c.By));
        await transaction.ExecuteAsync("""
            UPDATE plan_zones z SET recipients = z.recipients + c.change
            FROM unnest(@numbers, @changes) AS c (zone_number, change)
            WHERE z.tenant_id = @TenantId AND z.campaign_id = @campaignId AND z.zone_number = c.zone_number
            """, new { transaction.TenantId, campaignId, numbers = changes.Keys.ToArray(), changes = changes.Values.ToArray() });
        await transaction.ExecuteAsync("""
            DELETE FROM plan_zones
            WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND zone_number = ANY (@numbers) AND recipients <= 0
              AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.tenant_id = @TenantId AND d.campaign_id = @campaignId
                              AND d.zone_number = plan_zones.zone_number)
            """, new { transaction.TenantId, campaignId, numbers = changes.Keys.ToArray() });
    }

    /// <summary>Nothing happens where it has been computed all the same: what failed then came after it.</summary>
    public static Task FailAsync(TenantTransaction transaction, Guid campaignId, string failure) =>
        transaction.ExecuteAsync("""
            UPDATE plans SET status = 'failed', failure = @failure, launch_when_ready = false
            WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND status = 'computing'
            """, new { transaction.TenantId, campaignId, failure });

    /// <summary>Plans that wait are still computed, but none launches its campaign then: somebody has to.</summary>
    public static Task ForgetLaunchesAsync(TenantTransaction transaction) => transaction.ExecuteAsync(
        "UPDATE plans SET launch_when_ready = false WHERE tenant_id = @TenantId AND status = 'computing'", new { transaction.TenantId });

    public static Task InsertZonesAsync(
        TenantTransaction transaction, Guid campaignId, string rule, IReadOnlyList<ZonePlan> zones, IReadOnlyDictionary<PlanPlace, long> people,
        int firstNumber = 0) =>
        transaction.ExecuteAsync("""
            INSERT INTO plan_zones (
                tenant_id, campaign_id, zone_number, time_zone, holiday_country, slot, unsure_country, hour, arm, rule, local_time, due_at, adjustment, passed, missed,
                recipients)
            SELECT @TenantId, @campaignId, number, time_zone, holiday_country, slot, unsure_country, hour, arm, @rule, local_time, due_at, adjustment, passed, missed,
                   recipients
            FROM unnest(@numbers, @zones, @countries, @slots, @unsureCountries, @hours, @arms, @locals::timestamp[], @dues::timestamptz[], @adjustments, @passed, @missed, @people)
                AS z (number, time_zone, holiday_country, slot, unsure_country, hour, arm, local_time, due_at, adjustment, passed, missed, recipients)
            """, new
        {
            transaction.TenantId,
            campaignId,
            rule,
            numbers = Enumerable.Range(firstNumber, zones.Count).ToArray(),
            zones = zones.Select(z => z.TimeZone).ToArray(),
            countries = zones.Select(z => z.HolidayCountry).ToArray(),
            slots = zones.Select(z => z.Slot).ToArray(),
            unsureCountries = zones.Select(z => z.UnsureCountry).ToArray(),
            hours = zones.Select(z => z.Hour).ToArray(),
            arms = zones.Select(z => z.Arm?.Word()).ToArray(),
            locals = zones.Select(z => z.Local).ToArray(),
            dues = zones.Select(z => z.DueAt).ToArray(),
            adjustments = zones.Select(z => z.Adjustment.Word()).ToArray(),
            passed = zones.Select(z => z.Passed?.Word()).ToArray(),
            missed = zones.Select(z => z.Outcome == ZoneOutcome.Missed).ToArray(),
            people = zones.Select(z => people.GetValueOrDefault(z.Place)).ToArray(),
        });

    /// <summary>Writes what launch made of the zones, with the wave of each.</summary>
    public static Task UpdateZonesAsync(TenantTransaction transaction, Guid campaignId, IReadOnlyList<PlanZone> zones) =>
        transaction.ExecuteAsync("""
            UPDATE plan_zones p
            SET local_time = z.local_time, due_at = z.due_at, adjustment = z.adjustment, passed = z.passed, missed = z.missed, wave_id = z.wave_id
            FROM unnest(@numbers, @locals::timestamp[], @dues::timestamptz[], @adjustments, @passed, @missed, @waves::uuid[])
                AS z (zone_number, local_time, due_at, adjustment, passed, missed, wave_id)
            WHERE p.tenant_id = @TenantId AND p.campaign_id = @campaignId AND p.zone_number = z.zone_number
            """, new
        {
            transaction.TenantId,
            campaignId,
            numbers = zones.Select(z => z.ZoneNumber).ToArray(),
            locals = zones.Select(z => z.LocalTime).ToArray(),
            dues = zones.Select(z => z.DueAt).ToArray(),
            adjustments = zones.Select(z => z.AdjustmentWord).ToArray(),
            passed = zones.Select(z => z.PassedWord).ToArray(),
            missed = zones.Select(z => z.Missed).ToArray(),
            waves = zones.Select(z => z.WaveId).ToArray(),
        });

    /// <summary>The zones with their waves, by one statement: a launch beside it replaces both.</summary>
    public static Task<IReadOnlyList<PlanZone>> ListZonesAsync(TenantTransaction transaction, Guid campaignId) =>
        transaction.QueryAsync<PlanZone>("""
            SELECT z.zone_number, z.time_zone, z.holiday_country, z.slot, z.unsure_country, z.hour, z.arm AS arm_word, z.rule, z.local_time, z.due_at, z.adjustment AS adjustment_word,
                   z.passed AS passed_word, z.missed, z.recipients, z.wave_id, w.status AS wave_status, w.job_id
            FROM plan_zones z
            LEFT JOIN waves w ON w.tenant_id = z.tenant_id AND w.wave_id = z.wave_id
            WHERE z.tenant_id = @TenantId AND z.campaign_id = @campaignId
            ORDER BY z.due_at, z.time_zone, z.zone_number
            """, new { transaction.TenantId, campaignId });

    /// <summary>The zones as a table of text, in the order of their instants.</summary>
    public static Task<DbDataReader> ReadTableAsync(TenantTransaction transaction, Guid campaignId) => transaction.ReadAsync("""
        SELECT to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS due_at, time_zone,
               to_char(local_time, 'YYYY-MM-DD"T"HH24:MI') AS local, adjustment, passed, missed::text AS missed,
               sum(recipients)::text AS recipients, wave_id::text AS wave_id
        FROM plan_zones z
        WHERE tenant_id = @TenantId AND campaign_id = @campaignId
        GROUP BY z.due_at, z.time_zone, z.local_time, z.adjustment, z.passed, z.missed, z.wave_id
        ORDER BY z.due_at, z.time_zone
        """, new { transaction.TenantId, campaignId });
}

/// <summary>A plan as its row holds it.</summary>
internal sealed record Plan
{
    public Guid CampaignId { get; init; }
    public string Status { get; init; } = "";
    public bool LaunchWhenReady { get; init; }
    public string? Failure { get; init; }
    public Instant? ComputedAt { get; init; }
    public string? Tzdb { get; init; }
    public long Recipients { get; init; }
    public long ExcludedSuppressed { get; init; }
    public long ExcludedNoConsent { get; init; }
    public long ExcludedUnsureZone { get; init; }
    public string ZoneSourcesJson { get; init; } = "{}";
    public Instant? ZonesFollowedAt { get; init; }
    public long Joined { get; init; }
    public Instant? JoinedThrough { get; init; }
    public long? CappedByCap { get; init; }
    public long? CappedByWish { get; init; }
    public string? WhenCappedWord { get; init; }
}
