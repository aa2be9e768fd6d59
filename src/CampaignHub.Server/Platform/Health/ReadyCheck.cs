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
        var silent = workers.Silent();
        return silent.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("Silent for a minute: " + string.Join(", ", silent));
    }
}

/// <summary>The two health paths: live (the process answers) and ready (it can do its work), as small JSON.</summary>
internal static class HealthPaths
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Json(new { status = "live" })).ExcludeFromDescription();
        app.MapHealthChecks("/health/ready", new()
        {
            ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(new
            {
                status = report.Status == HealthStatus.Healthy ? "ready" : "not_ready",
                reasons = report.Entries.Values.Select(e => e.Description).Where(d => d is not null),
            }),
        });
    }
}
