using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Deliveries;

/// <summary>The ledger's side of planning: its rows made, dropped, missed or cancelled in whole sets.</summary>
internal static class PlannedDeliveryStore
{
    /// <summary>Makes one delivery for each included person of the transaction's audience snapshot.</summary>
    /// <param name="transaction">Holds the snapshot.</param>
    /// <param name="campaignId">Whose deliveries they are.</param>
    /// <param name="places">The plan's places; a delivery keeps its place's number in this list.</param>
    /// <param name="split">What the places were split by.</param>
    /// <param name="now">The moment of planning.</param>
    public static Task<int> InsertAsync(
        TenantTransaction transaction, Guid campaignId, IReadOnlyList<PlanPlace> places, PlanSplit split, Instant now) =>
        transaction.ExecuteAsync(SqlFiles.Read("PlannedDeliveries"), new
        {
            transaction.TenantId,
            campaignId,
            now,
            zones = places.Select(p => p.TimeZone).ToArray(),
            countries = places.Select(p => p.HolidayCountry ?? "").ToArray(),
            slots = places.Select(p => p.Slot).ToArray(),
            zoneNumbers = Enumerable.Range(0, places.Count).ToArray(),
            split.HolidayCountries,
            split.WindowSlots,
        });

    /// <summary>Tells the planner of PostgreSQL how large the ledger is now.</summary>
    public static Task RefreshStatisticsAsync(TenantTransaction transaction) => transaction.ExecuteAsync("SELECT refresh_ledger_statistics()");

    /// <summary>Drops the deliveries of a plan that was never launched.</summary>
    public static Task DeleteAsync(TenantTransaction transaction, Guid campaignId) => transaction.ExecuteAsync("""
        WITH positions AS (DELETE FROM claim_positions WHERE tenant_id = @TenantId AND campaign_id = @campaignId)
        DELETE FROM deliveries WHERE tenant_id = @TenantId AND campaign_id = @campaignId
        """, new { transaction.TenantId, campaignId });

    /// <summary>Marks everybody in these zones as missed.</summary>
    public static Task MissAsync(TenantTransaction transaction, Guid campaignId, int[] zoneNumbers, Instant now) =>
        MoveAsync(transaction, campaignId, DeliveryTransition.Miss, zoneNumbers, now);

    /// <summary>Gives up whatever is not on the wire.</summary>
    public static Task CancelAsync(TenantTransaction transaction, Guid campaignId, Instant now) =>
        MoveAsync(transaction, campaignId, DeliveryTransition.Cancel, null, now);

    private static Task<int> MoveAsync(TenantTransaction transaction, Guid campaignId, DeliveryTransition transition, int[]? zoneNumbers, Instant now) =>
        transaction.ExecuteAsync("""
            UPDATE deliveries SET state = CASE WHEN resends > 0 THEN @onceUncertain ELSE @to END, not_before = NULL, updated_at = @now
            WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND state = ANY (@from)
              AND (@zoneNumbers::int[] IS NULL OR zone_number = ANY (@zoneNumbers))
            """, new
        {
            transaction.TenantId,
            campaignId,
            zoneNumbers,
            now,
            to = transition.ToWord(),
            onceUncertain = DeliveryStateMachine.Ending(transition, onceUncertain: true).ToWord(),
            from = transition.FromWords(),
        });
}

/// <summary>What splits the people of a zone in a plan, besides the zone.</summary>
/// <param name="HolidayCountries">Countries whose people keep holidays of their own; empty where none count.</param>
/// <param name="WindowSlots">Into how many slots a window spreads them; 1 without one.</param>
internal sealed record PlanSplit(string[] HolidayCountries, int WindowSlots);
