using CampaignHub.Server.Platform.Http;
using Hangfire;
using Hangfire.Dashboard;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Npgsql;

namespace CampaignHub.Server.Platform.Jobs;

/// <summary>
/// Hangfire, the alarm clock: it wakes waves at their instant and shows them to the operator. It has connections of its
/// own (a plain data source: it can't read NodaTime's types) and a schema of its own, which may be wiped at any time.
/// </summary>
internal static class HangfireWiring
{
    public const string Schema = "hangfire";

    public static void AddHangfireClock(this IServiceCollection services, string connectionString, Settings settings, bool preparesSchema)
    {
        var options = new PostgreSqlStorageOptions
        {
            SchemaName = Schema,
            QueuePollInterval = TimeSpan.FromSeconds(1),
            InvisibilityTimeout = TimeSpan.FromMinutes(5),
            UseSlidingInvisibilityTimeout = true,
            DistributedLockTimeout = TimeSpan.FromMinutes(1),
            EnableLongPolling = false,
            PrepareSchemaIfNecessary = preparesSchema,
        };
        services.AddHangfire(hangfire => hangfire
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings()
            .UseFilter(new AutomaticRetryAttribute { Attempts = 0 })
            .UseFilter(new Traces.OfJobs())
            .UseStorage(new PostgreSqlStorage(new NpgsqlConnectionFactory(ConnectionString(connectionString), options), options)));
        if (settings.RunsWorkers)
            services.AddHangfireServer(server =>
            {
                server.WorkerCount = 4;
                server.SchedulePollingInterval = TimeSpan.FromSeconds(1);
                server.StopTimeout = TimeSpan.FromSeconds(5);
            });
    }

    /// <summary>Hangfire's own share of the server's connections.</summary>
    public static string ConnectionString(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "campaignhub hangfire", MaxPoolSize = 20 }.ConnectionString;

    public static void MapHangfire(this WebApplication app) =>
        app.MapHangfireDashboard("/hangfire", new DashboardOptions
        {
            Authorization = [new OperatorsOnly(app.Services.GetRequiredService<OperatorKey>())],
            DisplayStorageConnectionString = false,
            AppPath = null,
        });

    /// <summary>
    /// The operator key as the password of HTTP Basic (a browser can't send Bearer), from localhost too.
    /// </summary>
    private sealed class OperatorsOnly(OperatorKey key) : IDashboardAuthorizationFilter
    {
        public bool Authorize(DashboardContext context)
        {
            var http = context.GetHttpContext();
            if (BasicPassword(http.Request.Headers.Authorization.ToString()) is { } password && key.Matches(password))
                return true;
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"CampaignHub operators\"";
            return false;
        }

        private static string? BasicPassword(string header)
        {
            const string scheme = "Basic ";
            var bytes = new byte[header.Length];
            return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
                && Convert.TryFromBase64String(header[scheme.Length..].Trim(), bytes, out var length)
                ? System.Text.Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2).ElementAtOrDefault(1)
                : null;
        }
    }
}
