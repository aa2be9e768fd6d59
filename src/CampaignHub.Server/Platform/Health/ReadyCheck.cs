using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Jobs;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CampaignHub.Server.Platform.Health;

/// <summary>Ready means: migrated (or the service would not have started), the database answers, and the workers run.</summary>
internal sealed class ReadyCheck(Database.Database database, WorkerHealth workers, Settings settings) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await database.LookUpAsync<int>("SELECT 1", null, cancellationToken);
        }
        catch (Npgsql.NpgsqlException fault)
        {
            return HealthCheckResult.Unhealthy("The database does not answer: " + fault.Message);
        }
        if (!settings.RunsWorkers)
            return HealthCheckResult.Healthy();
        if (!workers.HaveStarted)
            return HealthCheckResult.Unhealthy("The workers have not started yet.");
        if (workers.Ailments is { Count: > 0 } ailments)
            return HealthCheckResult.Unhealthy(string.Join(" ", ailments));
        var silent = workers.Silent();
        return silent.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("Silent for a minute: " + string.Join(", ", silent));
    }
}

/// <summary>The two health paths: live (the process answers) and ready (it can do its work), as small JSON.</summary>
internal static class HealthPaths
{
    public const string Live = "/health/live";

    /// <summary>Says with <see cref="Live"/> which installation answers: its key ring's fingerprint, by which a tracking domain is known to lead here.</summary>
    public const string InstallationHeader = "CampaignHub-Installation";

    public static void MapHealth(this WebApplication app)
    {
        app.MapGet(Live, (HttpContext context, KeyRing ring) =>
        {
            context.Response.Headers[InstallationHeader] = ring.Fingerprint;
            return new HealthReport("live", []);
        })
            .WithName("live").WithSummary("Whether the process answers");
        app.MapHealthChecks("/health/ready", new()
        {
            ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(new HealthReport(
                report.Status switch { HealthStatus.Healthy => "ready", HealthStatus.Degraded => "degraded", _ => "not_ready" },
                [.. report.Entries.Values.Select(e => e.Description).OfType<string>()])),
        }).WithName("ready").WithSummary("Whether the service can do its work")
            .WithMetadata(new ProducesResponseTypeMetadata(200, typeof(HealthReport), ["application/json"]))
            .WithMetadata(new ProducesResponseTypeMetadata(503, typeof(HealthReport), ["application/json"]));
    }
}

/// <summary>How the service is.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c>, <c>degraded</c> (it works, though not as well as it should) or <c>not_ready</c>.</param>
/// <param name="Reasons">What is amiss, in sentences.</param>
public sealed record HealthReport(string Status, IReadOnlyList<string> Reasons);
