using Serilog;

namespace CampaignHub.Server.Platform;

/// <summary>The log of what happens before the application stands: PostgreSQL and migrations.</summary>
internal static class StartupLog
{
    public static ILoggerFactory Create() => LoggerFactory.Create(logging => logging.AddSerilog(Telemetry.CreateLogger(), dispose: true));
}
