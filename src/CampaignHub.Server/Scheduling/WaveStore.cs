using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>Writes and reads waves; nothing else does.</summary>
internal static class WaveStore
{
    /// <summary>Makes a campaign's waves anew (before launch, or at it) and says which zone is in which.</summary>
    public static async Task<IReadOnlyDictionary<PlanPlace, Guid>> ReplaceAsync(
        TenantTransaction transaction, Guid campaignId, IReadOnlyList<Wave> waves, IReadOnlyDictionary<PlanPlace, long> people)
    {
        await DeleteAsync(transaction, campaignId);
        var ids = waves.Select(_ => Guid.CreateVersion7()).ToArray();
        await transaction.ExecuteAsync("""
            INSERT INTO waves (tenant_id, wave_id, campaign_id, due_at, recipients)
            SELECT @TenantId, wave_id, @campaignId, due_at, recipients
            FROM unnest(@ids, @dues::timestamptz[], @recipients) AS w (wave_id, due_at, recipients)
            """, new
        {
            transaction.TenantId,
            campaignId,
            ids,
            dues = waves.Select(w => w.DueAt).ToArray(),
            recipients = waves.Select(w => w.Zones.Sum(z => people[z.Place])).ToArray(),
        });
        return waves.SelectMany((wave, i) => wave.Zones.Select(zone => (zone.Place, Wave: ids[i])))
            .ToDictionary(z => z.Place, z => z.Wave);
    }

    public static async Task DeleteAsync(TenantTransaction transaction, Guid campaignId)
    {
        await transaction.ExecuteAsync(
            "UPDATE plan_zones SET wave_id = NULL WHERE tenant_id = @TenantId AND campaign_id = @campaignId", new { transaction.TenantId, campaignId });
        await transaction.ExecuteAsync(
            "DELETE FROM waves WHERE tenant_id = @TenantId AND campaign_id = @campaignId", new { transaction.TenantId, campaignId });
    }

    public static Task<IReadOnlyList<WaveRow>> ListAsync(TenantTransaction transaction, Guid campaignId) =>
        transaction.QueryAsync<WaveRow>("""
            SELECT wave_id, campaign_id, due_at, status, recipients, job_id
            FROM waves WHERE tenant_id = @TenantId AND campaign_id = @campaignId ORDER BY due_at
            """, new { transaction.TenantId, campaignId });

    public static Task<WaveRow?> FindAsync(TenantTransaction transaction, Guid waveId) =>
        transaction.QueryFirstOrDefaultAsync<WaveRow>("""
            SELECT wave_id, campaign_id, due_at, status, recipients, job_id
            FROM waves WHERE tenant_id = @TenantId AND wave_id = @waveId
            """, new { transaction.TenantId, waveId });

    /// <summary>Opens a waiting wave; false if it was open already.</summary>
    public static async Task<bool> OpenAsync(TenantTransaction transaction, Guid waveId) =>
        await transaction.ExecuteAsync("""
            UPDATE waves SET status = 'running' WHERE tenant_id = @TenantId AND wave_id = @waveId AND status = 'waiting'
            """, new { transaction.TenantId, waveId }) == 1;

    /// <summary>Waiting waves of these instants, made where there are none yet.</summary>
    public static async Task<IReadOnlyDictionary<Instant, Guid>> WaitingAsync(TenantTransaction transaction, Guid campaignId, IReadOnlyCollection<Instant> dues)
    {
        await transaction.ExecuteAsync("""
            INSERT INTO waves (tenant_id, wave_id, campaign_id, due_at, recipients)
            SELECT @TenantId, wave_id, @campaignId, due_at, 0
            FROM unnest(@ids, @dues::timestamptz[]) AS w (wave_id, due_at)
            WHERE NOT EXISTS (SELECT 1 FROM waves x WHERE x.tenant_id = @TenantId AND x.campaign_id = @campaignId
                              AND x.due_at = w.due_at AND x.status = 'waiting')
            """, new { transaction.TenantId, campaignId, ids = dues.Select(_ => Guid.CreateVersion7()).ToArray(), dues = dues.ToArray() });
        return (await ListAsync(transaction, campaignId)).Where(w => w.Status == "waiting").ToDictionary(w => w.DueAt!.Value, w => w.WaveId);
    }

    /// <summary>After zones were moved: waiting waves count their people again, and those that nobody is in any more are gone.</summary>
    public static async Task RecountWaitingAsync(TenantTransaction transaction, Guid campaignId)
    {
        await transaction.ExecuteAsync("""
            UPDATE waves w SET recipients = (
                SELECT coalesce(sum(z.recipients), 0) FROM plan_zones z
                WHERE z.tenant_id = @TenantId AND z.campaign_id = @campaignId AND z.wave_id = w.wave_id)
            WHERE w.tenant_id = @TenantId AND w.campaign_id = @campaignId AND w.status = 'waiting'
            """, new { transaction.TenantId, campaignId });
        await transaction.ExecuteAsync("""
            DELETE FROM waves w
            WHERE w.tenant_id = @TenantId AND w.campaign_id = @campaignId AND w.status = 'waiting' AND NOT EXISTS (
                SELECT 1 FROM plan_zones z WHERE z.tenant_id = @TenantId AND z.campaign_id = @campaignId AND z.wave_id = w.wave_id)
            """, new { transaction.TenantId, campaignId });
    }

    public static Task NoteJobAsync(TenantTransaction transaction, Guid waveId, string jobId) =>
        transaction.ExecuteAsync(
            "UPDATE waves SET job_id = @jobId WHERE tenant_id = @TenantId AND wave_id = @waveId", new { transaction.TenantId, waveId, jobId });

    /// <summary>True once any wave of the campaign has opened.</summary>
    public static Task<bool> AnyOpenedAsync(TenantTransaction transaction, Guid campaignId) =>
        transaction.QuerySingleAsync<bool>("""
            SELECT EXISTS (SELECT 1 FROM waves WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND status <> 'waiting')
            """, new { transaction.TenantId, campaignId });

    /// <summary>Closes open waves that have nothing left to send for the first time.</summary>
    public static Task CloseEmptyAsync(TenantTransaction transaction, Guid campaignId) => transaction.ExecuteAsync("""
        WITH left_zones AS (
            SELECT zone_number FROM claim_positions WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND NOT exhausted
            UNION ALL
            SELECT d.zone_number FROM leases l CROSS JOIN unnest(l.delivery_ids) AS borne (delivery_id)
            CROSS JOIN LATERAL (
                SELECT zone_number, state FROM deliveries WHERE tenant_id = @TenantId AND delivery_id = borne.delivery_id LIMIT 1) d
            WHERE l.tenant_id = @TenantId AND l.campaign_id = @campaignId AND d.state IN ('scheduled', 'sending')
            UNION ALL
            SELECT zone_number FROM deliveries
            WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND not_before IS NOT NULL AND state = 'scheduled'
        )
        UPDATE waves w SET status = 'done'
        WHERE w.tenant_id = @TenantId AND w.campaign_id = @campaignId AND w.status = 'running'
          AND NOT EXISTS (
              SELECT FROM plan_zones z JOIN left_zones USING (zone_number)
              WHERE z.tenant_id = @TenantId AND z.campaign_id = @campaignId AND z.wave_id = w.wave_id)
        """, new { transaction.TenantId, campaignId });
}

/// <summary>A wave as its row holds it.</summary>
internal sealed record WaveRow
{
    public Guid WaveId { get; init; }
    public Guid CampaignId { get; init; }
    public Instant? DueAt { get; init; }
    public string Status { get; init; } = "";
    public long Recipients { get; init; }
    public string? JobId { get; init; }
}
