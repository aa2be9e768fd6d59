using CampaignHub.Server.Platform.Database;
using Hangfire;

namespace CampaignHub.Server.Scheduling;

/// <summary>
/// Sets one Hangfire job for each wave, at its instant. The wave keeps the job's id; a job that Hangfire no longer
/// knows is set again by the sweeper. Two jobs for one wave (a crash in between) would do no harm: a wave opens once.
/// </summary>
public sealed class WaveAlarms(Database database, IBackgroundJobClient jobs)
{
    /// <summary>Sets the alarms that a launched campaign still lacks.</summary>
    internal async Task SetAsync(Guid tenantId, Guid campaignId, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        var waves = await WaveStore.ListAsync(transaction, campaignId);
        foreach (var wave in waves.Where(w => w is { Status: "waiting", JobId: null, DueAt: not null }))
            await WaveStore.NoteJobAsync(transaction, wave.WaveId, Schedule(tenantId, wave));
        await transaction.CommitAsync();
    }

    /// <summary>Sets one alarm anew.</summary>
    internal async Task ResetAsync(Guid tenantId, Guid waveId, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        if (await WaveStore.FindAsync(transaction, waveId) is not { Status: "waiting", DueAt: not null } wave)
            return;
        await WaveStore.NoteJobAsync(transaction, waveId, Schedule(tenantId, wave));
        await transaction.CommitAsync();
    }

    private string Schedule(Guid tenantId, WaveRow wave) =>
        jobs.Schedule<WaveJob>(job => job.OpenAsync(tenantId, wave.WaveId, CancellationToken.None), wave.DueAt!.Value.ToDateTimeOffset());
}
