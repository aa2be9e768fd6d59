using CampaignHub.Core;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Deliveries;

/// <summary>The ledger's side of planning: its rows made, dropped, missed or cancelled in whole sets.</summary>
internal static class PlannedDeliveryStore
{
    /// <summary>As many as are written within a second on a busy machine.</summary>
    private const int MostCancelled = 5_000;

    /// <summary>Makes one delivery for each included person of the transaction's audience snapshot.</summary>
    /// <param name="transaction">Holds the snapshot and the hours.</param>
    /// <param name="campaignId">Whose deliveries they are.</param>
    /// <param name="places">The plan's places with their numbers. Whoever is in another gets none.</param>
    /// <param name="now">The moment of planning.</param>
    public static Task<int> InsertAsync(
        TenantTransaction transaction, Guid campaignId, IReadOnlyList<(PlanPlace Place, int Number)> places, Instant now) =>
        transaction.ExecuteAsync(SqlFiles.Read("PlannedDeliveries"), new
        {
            transaction.TenantId,
            campaignId,
            now,
            zones = places.Select(p => p.Place.TimeZone).ToArray(),
            countries = places.Select(p => p.Place.HolidayCountry ?? "").ToArray(),
            slots = places.Select(p => p.Place.Slot).ToArray(),
            unsureCountries = places.Select(p => p.Place.UnsureCountry ?? "").ToArray(),
            hours = places.Select(p => p.Place.Hour ?? -1).ToArray(),
            arms = places.Select(p => p.Place.Arm?.Word() ?? "").ToArray(),
            zoneNumbers = places.Select(p => p.Number).ToArray(),
        });

    /// <summary>Tells the planner of PostgreSQL how large the ledger is now.</summary>
    public static Task RefreshStatisticsAsync(TenantTransaction transaction) => transaction.ExecuteAsync("SELECT refresh_ledger_statistics()");

    /// <summary>Drops the deliveries of a plan that was never launched.</summary>
    public static Task DeleteAsync(TenantTransaction transaction, Guid campaignId) => transaction.ExecuteAsync("""
        WITH positions AS (DELETE FROM claim_positions WHERE tenant_id = @TenantId AND campaign_id = @campaignId)
        DELETE FROM deliveries WHERE tenant_id = @TenantId AND campaign_id = @campaignId
        """, new { transaction.TenantId, campaignId });

    /// <summary>
    /// People whose own zone no longer is that of their place, of those changed since; counted by where they are and belong. Without
    /// an instant: those whose country has holidays that don't count at their place.
    /// </summary>
    public static Task<IReadOnlyList<StrayedPeople>> StrayedAsync(
        TenantTransaction transaction, Guid campaignId, int[] zoneNumbers, string fallback, PlanSplit split, Instant? since) =>
        transaction.QueryAsync<StrayedPeople>("""
            SELECT d.zone_number, coalesce(r.time_zone, @fallback) AS time_zone,
                   CASE WHEN r.country = ANY (@HolidayCountries) THEN r.country END AS holiday_country,
                   CASE WHEN r.time_zone_source = 'country_guess' AND @UnsureZone = 'safe' THEN r.country END AS unsure_country,
                   count(*) AS people
            FROM deliveries d
            JOIN plan_zones z ON z.tenant_id = @TenantId AND z.campaign_id = @campaignId AND z.zone_number = d.zone_number
            JOIN recipients r ON r.tenant_id = @TenantId AND r.recipient_id = d.recipient_id
            WHERE d.tenant_id = @TenantId AND d.campaign_id = @campaignId AND d.zone_number = ANY (@zoneNumbers) AND d.state = 'scheduled'
              AND CASE WHEN @since::timestamptz IS NULL
                       THEN r.country = ANY (@HolidayCountries) AND z.holiday_country IS DISTINCT FROM r.country AND coalesce(r.time_zone, @fallback) = z.time_zone
                       ELSE r.updated_at >= @since AND coalesce(r.time_zone, @fallback) <> z.time_zone END
            GROUP BY 1, 2, 3, 4
            """, new { transaction.TenantId, campaignId, zoneNumbers, fallback, split.HolidayCountries, split.UnsureZone, since });

    /// <summary>
    /// Moves those people to their new places in one statement, and answers how many went from which to which. Waves of both
    /// wait, so nobody has been claimed from either, and whoever comes is claimed with the others.
    /// </summary>
    public static Task<IReadOnlyList<(int From, int To, long People)>> FollowAsync(
        TenantTransaction transaction, Guid campaignId, IReadOnlyList<(StrayedPeople Who, int To)> moves, string fallback, PlanSplit split, Instant? since, Instant now) =>
        transaction.QueryAsync<(int From, int To, long People)>("""
            WITH moved AS (
                UPDATE deliveries d
                SET zone_number = m.to_number, updated_at = @now,
                    time_zone_source = CASE WHEN r.time_zone IS NULL THEN 'fallback' ELSE r.time_zone_source END
                FROM recipients r, unnest(@from, @zones, @countries, @unsureCountries, @to) AS m (from_number, time_zone, country, unsure_country, to_number)
                WHERE d.tenant_id = @TenantId AND d.campaign_id = @campaignId AND d.zone_number = m.from_number AND d.state = 'scheduled'
                  AND r.tenant_id = @TenantId AND r.recipient_id = d.recipient_id AND (@since::timestamptz IS NULL OR r.updated_at >= @since)
                  AND coalesce(r.time_zone, @fallback) = m.time_zone
                  AND CASE WHEN r.country = ANY (@HolidayCountries) THEN r.country ELSE '' END = m.country
                  AND CASE WHEN r.time_zone_source = 'country_guess' AND @UnsureZone = 'safe' THEN r.country ELSE '' END = m.unsure_country
                RETURNING m.from_number, m.to_number
            ), positions AS (
                INSERT INTO claim_positions (tenant_id, campaign_id, zone_number)
                SELECT @TenantId, @campaignId, unnest(@to) ON CONFLICT DO NOTHING
            )
            SELECT from_number, to_number, count(*) FROM moved GROUP BY 1, 2
            """, new
        {
            transaction.TenantId,
            campaignId,
            from = moves.Select(m => m.Who.ZoneNumber).ToArray(),
            zones = moves.Select(m => m.Who.TimeZone).ToArray(),
            countries = moves.Select(m => m.Who.HolidayCountry ?? "").ToArray(),
            unsureCountries = moves.Select(m => m.Who.UnsureCountry ?? "").ToArray(),
            to = moves.Select(m => m.To).ToArray(),
            fallback,
            split.HolidayCountries,
            split.UnsureZone,
            since,
            now,
        });

    /// <summary>Marks everybody in these zones as missed.</summary>
    public static Task MissAsync(TenantTransaction transaction, Guid campaignId, int[] zoneNumbers, Instant now) =>
        EndAsync(transaction, campaignId, DeliveryTransition.Miss, "campaign_id = @campaignId AND zone_number = ANY (@zoneNumbers)", zoneNumbers, now);

    /// <summary>
    /// Gives up a batch of what nobody holds, from where the batch before it came to; false where nothing was left of that.
    /// </summary>
    public static async Task<bool> CancelAsync(TenantTransaction transaction, Guid campaignId, Instant now)
    {
        var (ended, goesOn) = await transaction.QuerySingleAsync<(int Ended, bool GoesOn)>(
            SqlFiles.Read("CancelDeliveries"), Ending(transaction, campaignId, DeliveryTransition.Cancel, null, now));
        return ended > 0 || goesOn;
    }

    /// <summary>
    /// The same of all that isn't on the wire, wherever it is: reads the whole campaign, and so is for the end, to make sure.
    /// </summary>
    public static async Task<bool> CancelRestAsync(TenantTransaction transaction, Guid campaignId, Instant now) =>
        await EndAsync(transaction, campaignId, DeliveryTransition.Cancel, """
            delivery_id = ANY (ARRAY (
                SELECT delivery_id FROM deliveries
                WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND state = ANY (@from) LIMIT @batch FOR UPDATE))
            """, null, now) > 0;

    /// <summary>Whether something is claimed, on the wire or uncertain, and may yet wait to be sent again.</summary>
    public static Task<bool> MayComeBackAsync(TenantTransaction transaction, Guid campaignId) => transaction.QuerySingleAsync<bool>("""
        SELECT EXISTS (SELECT FROM leases WHERE tenant_id = @TenantId AND campaign_id = @campaignId)
            OR EXISTS (SELECT FROM deliveries WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND notable_state = 'uncertain')
        """, new { transaction.TenantId, campaignId });

    /// <param name="transaction">The tenant's.</param>
    /// <param name="campaignId">Whose deliveries they are.</param>
    /// <param name="transition">How they end.</param>
    /// <param name="which">SQL of the rows, among those that may.</param>
    /// <param name="zoneNumbers">For <paramref name="which"/>.</param>
    /// <param name="now">The moment.</param>
    private static Task<int> EndAsync(TenantTransaction transaction, Guid campaignId, DeliveryTransition transition, string which, int[]? zoneNumbers, Instant now) =>
        transaction.ExecuteAsync($"""
            UPDATE deliveries SET state = CASE WHEN resends > 0 THEN @onceUncertain ELSE @to END, not_before = NULL, updated_at = @now
            WHERE tenant_id = @TenantId AND state = ANY (@from) AND {which}
            """, Ending(transaction, campaignId, transition, zoneNumbers, now));

    private static object Ending(TenantTransaction transaction, Guid campaignId, DeliveryTransition transition, int[]? zoneNumbers, Instant now) => new
    {
        transaction.TenantId,
        campaignId,
        zoneNumbers,
        now,
        batch = MostCancelled,
        to = transition.ToWord(),
        onceUncertain = DeliveryStateMachine.Ending(transition, onceUncertain: true).ToWord(),
        from = transition.FromWords(),
    };
}

/// <summary>What splits the people of a zone in a plan, besides the zone.</summary>
/// <param name="HolidayCountries">Countries whose people keep holidays of their own; empty where none count.</param>
/// <param name="WindowSlots">Into how many slots a window spreads them; 1 without one.</param>
/// <param name="UnsureZone">What is done with those whose zone is guessed: the word.</param>
internal sealed record PlanSplit(string[] HolidayCountries, int WindowSlots, string UnsureZone)
{
    public static PlanSplit Of(Schedule schedule, HolidayCalendar holidays) =>
        new([.. holidays.Countries], schedule.Window?.Slots ?? 1, schedule.UnsureZone.Word());
}

/// <summary>People of one place of a plan who belong to one and the same other place.</summary>
internal sealed record StrayedPeople
{
    public int ZoneNumber { get; init; }
    public string TimeZone { get; init; } = "";
    public string? HolidayCountry { get; init; }
    public string? UnsureCountry { get; init; }
    public long People { get; init; }
}
