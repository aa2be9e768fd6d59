using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using Hangfire;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>
/// Moves plans of an older time zone database or of other holidays, and people whose zone has changed, and lets newcomers join. Finds what Hangfire
/// lost: opens waves that are due, computes plans that wait, and sets alarms anew for waves whose job is gone, after making Hangfire's tables again if those are gone. No Hangfire job itself; one is active at a time.
/// </summary>
internal sealed class Sweeper(
    Database database, WaveJob waves, WaveAlarms alarms, PlanComputation plans, HangfireStorage hangfire,
    WorkSignal signal, WorkerHealth health, IClock clock, ILogger<Sweeper> log) : WorkLoop(signal, health, log)
{
    private static readonly TimeSpan CheckAlarmsEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FollowPeopleEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LetJoinEvery = TimeSpan.FromSeconds(10);
    private long _letJoinAt = long.MinValue / 2;
    private long _alarmsCheckedAt = long.MinValue / 2;
    private long _peopleFollowedAt = long.MinValue / 2;

    protected override WorkKind Heeds => WorkKind.Deliveries;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        await using var turn = await SweepLock.TryTakeAsync(database, "sweeper", ct);
        if (turn is null)
            return false;
        await FollowZoneDataAsync(ct);
        await FollowHolidaysAsync(ct);
        if (Environment.TickCount64 - _peopleFollowedAt >= FollowPeopleEvery.TotalMilliseconds)
        {
            await FollowPeopleAsync(ct);
            _peopleFollowedAt = Environment.TickCount64;
        }
        if (Environment.TickCount64 - _letJoinAt >= LetJoinEvery.TotalMilliseconds)
        {
            await LetPeopleJoinAsync(ct);
            _letJoinAt = Environment.TickCount64;
        }
        await OpenDueWavesAsync(ct);
        await ComputePlansAsync(ct);
        if (Environment.TickCount64 - _alarmsCheckedAt >= CheckAlarmsEvery.TotalMilliseconds)
        {
            await CheckAlarmsAsync(ct);
            _alarmsCheckedAt = Environment.TickCount64;
        }
        return await GiveUpCancelledAsync(ct);
    }

    // A batch of each, after what is due has been opened.
    private async Task<bool> GiveUpCancelledAsync(CancellationToken ct)
    {
        var more = false;
        foreach (var (tenantId, campaignId) in await database.LookUpAsync<(Guid, Guid)>("SELECT tenant_id, campaign_id FROM campaigns_to_give_up()", null, ct))
            more |= await CancelledCampaigns.GiveUpAsync(database, tenantId, campaignId, clock.GetCurrentInstant(), ct);
        return more;
    }

    // Before waves are opened: none goes by an hour that no longer is one.
    private async Task FollowZoneDataAsync(CancellationToken ct)
    {
        foreach (var (tenantId, campaignId) in await database.LookUpAsync<(Guid, Guid)>(
            "SELECT tenant_id, campaign_id FROM plans_of_older_zone_data(@edition)", new { edition = TimeZoneData.Edition }, ct))
            await PlanMoves.FollowZoneDataAsync(database, tenantId, campaignId, clock.GetCurrentInstant(), ct);
    }

    private async Task FollowHolidaysAsync(CancellationToken ct)
    {
        foreach (var (tenantId, campaignId) in await database.LookUpAsync<(Guid, Guid)>("SELECT tenant_id, campaign_id FROM plans_of_older_holidays()", null, ct))
            await PeopleMoves.FollowHolidaysAsync(database, tenantId, campaignId, clock.GetCurrentInstant(), ct);
    }

    private async Task LetPeopleJoinAsync(CancellationToken ct)
    {
        foreach (var (tenantId, campaignId) in await WaitingCampaignsAsync(ct))
            await PeopleJoining.JoinAsync(database, tenantId, campaignId, clock.GetCurrentInstant(), ct);
    }

    private async Task FollowPeopleAsync(CancellationToken ct)
    {
        foreach (var (tenantId, campaignId) in await WaitingCampaignsAsync(ct))
            await PeopleMoves.FollowAsync(database, tenantId, campaignId, clock.GetCurrentInstant(), ct);
    }

    private async Task OpenDueWavesAsync(CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        foreach (var wave in (await UnfinishedWavesAsync(ct)).Where(w => w.Status == "waiting" && w.DueAt <= now))
            await waves.OpenAsync(wave.TenantId, wave.WaveId, ct);
    }

    private async Task ComputePlansAsync(CancellationToken ct)
    {
        foreach (var (tenantId, campaignId) in await database.LookUpAsync<(Guid, Guid)>("SELECT tenant_id, campaign_id FROM plans_to_compute()", null, ct))
            await plans.RunAsync(tenantId, campaignId, ct);
    }

    private async Task CheckAlarmsAsync(CancellationToken ct)
    {
        await hangfire.RestoreIfGoneAsync(ct);
        var known = await hangfire.ScheduledJobsAsync(ct);
        var now = clock.GetCurrentInstant();
        foreach (var wave in await UnfinishedWavesAsync(ct))
        {
            if (wave.Status == "waiting" && wave.DueAt > now && !(wave.JobId is { } job && known.Contains(job)))
                await alarms.ResetAsync(wave.TenantId, wave.WaveId, ct);
        }
    }

    private async Task<IEnumerable<(Guid TenantId, Guid CampaignId)>> WaitingCampaignsAsync(CancellationToken ct) =>
        (await UnfinishedWavesAsync(ct)).Where(w => w.Status == "waiting").Select(w => (w.TenantId, w.CampaignId)).Distinct();

    private Task<IReadOnlyList<UnfinishedWave>> UnfinishedWavesAsync(CancellationToken ct) =>
        database.LookUpAsync<UnfinishedWave>("SELECT tenant_id, wave_id, campaign_id, due_at, status, job_id FROM unfinished_waves()", null, ct);

    private sealed record UnfinishedWave
    {
        public Guid TenantId { get; init; }
        public Guid WaveId { get; init; }
        public Guid CampaignId { get; init; }
        public Instant DueAt { get; init; }
        public string Status { get; init; } = "";
        public string? JobId { get; init; }
    }
}
