using System.Diagnostics.Metrics;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CampaignHub.Server.Relays;

/// <summary>
/// How many relays are paused and wait for their owners: a metric, and a sentence in <c>/health/ready</c>, which stays
/// ready, since one tenant's wrong password is no fault of the service. Counted in the database, so that each worker
/// tells the same, whichever of them paused or lifted.
/// </summary>
internal sealed class PausedRelays : WorkLoop, IHealthCheck
{
    private readonly Database _database;
    private long _count;

    public PausedRelays(Database database, IMeterFactory meters, WorkSignal signal, WorkerHealth health, ILogger<PausedRelays> log)
        : base(signal, health, log)
    {
        _database = database;
        meters.Create(Telemetry.MeterName).CreateObservableUpDownCounter("campaignhub.relays.paused", () => Volatile.Read(ref _count),
            description: "Relays that a login or TLS fault has paused; each worker counts all of them.");
    }

    protected override TimeSpan LookEvery => TimeSpan.FromSeconds(5);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        Volatile.Write(ref _count, (await _database.LookUpAsync<long>("SELECT paused_relays()", null, ct))[0]);
        return false;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(HealthCheckResult.Healthy(Volatile.Read(ref _count) switch
        {
            0 => null,
            1 => "A relay is paused; its owner sees why at GET /v1/relays.",
            var count => $"{count} relays are paused; their owners see why at GET /v1/relays.",
        }));
}
