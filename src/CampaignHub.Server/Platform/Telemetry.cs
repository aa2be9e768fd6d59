using OpenTelemetry.Metrics;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace CampaignHub.Server.Platform;

/// <summary>Logs (readable in a terminal, JSON when not) and metrics (Prometheus, at <c>/metrics</c>); <see cref="Traces"/>.</summary>
internal static class Telemetry
{
    public const string MeterName = "CampaignHub";

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSerilog(log => Configure(log, builder.Configuration));
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(MeterName, "Npgsql")
            .AddAspNetCoreInstrumentation()
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());
        Traces.Add(builder);
    }

    /// <summary>A logger like the application's, with default levels.</summary>
    public static Serilog.Core.Logger CreateLogger()
    {
        var log = new LoggerConfiguration();
        Configure(log, new ConfigurationBuilder().AddEnvironmentVariables().Build());
        return log.CreateLogger();
    }

    private static void Configure(LoggerConfiguration log, IConfiguration configuration)
    {
        log.MinimumLevel.Is(configuration.GetValue("CampaignHub:LogLevel", LogEventLevel.Information))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
            .MinimumLevel.Override("Npgsql", LogEventLevel.Warning)
            .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
            .Enrich.FromLogContext();
        if (Console.IsErrorRedirected)
            log.WriteTo.Console(new CompactJsonFormatter(), standardErrorFromLevel: LogEventLevel.Verbose);
        else
            log.WriteTo.Console(
                outputTemplate: "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}",
                formatProvider: System.Globalization.CultureInfo.InvariantCulture,
                standardErrorFromLevel: LogEventLevel.Verbose);
    }
}
