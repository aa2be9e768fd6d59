using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using CampaignHub.Server.Platform.Time;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>
/// For demos and tests: when nothing is due, leased, being sent or being read, steps business time to the next due
/// instant.
/// </summary>
internal sealed class ClockSkipper(Database database, BusinessClock clock, WorkSignal signal, WorkerHealth health, ILogger<ClockSkipper> log)
    : WorkLoop(signal, health, log)
{
    protected override TimeSpan LookEvery => TimeSpan.FromMilliseconds(100);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        if (clock.IsHeld)
            return false;
        var outlook = (await database.LookUpAsync<Outlook>(
            "SELECT busy, next_due FROM clock_outlook(@now)", new { now = clock.GetCurrentInstant() }, ct))[0];
        if (outlook.Busy || outlook.NextDue is not { } next || clock.IsHeld)
            return false;
        clock.StepTo(next);
        return false;
    }

    private sealed record Outlook
    {
        public bool Busy { get; init; }
        public Instant? NextDue { get; init; }
    }
}
