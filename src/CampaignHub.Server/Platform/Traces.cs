using System.Diagnostics;
using Hangfire.Server;
using OpenTelemetry.Trace;

namespace CampaignHub.Server.Platform;

/// <summary>
/// Traces: what a request, a job or a worker's round did in SQL and SMTP, sent by OTLP where an endpoint is named. OpenTelemetry's own
/// settings say where and how many (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_EXPORTER_OTLP_HEADERS</c>).
/// </summary>
internal static class Traces
{
    private const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly ActivitySource s_source = new("CampaignHub");

    public static void Add(WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration[EndpointSetting]))
            return;
        builder.Services.AddOpenTelemetry().WithTracing(traces => traces
            .AddSource(s_source.Name, "Npgsql")
            .AddAspNetCoreInstrumentation(http =>
            {
                http.Filter = context => !IsPolled(context.Request.Path);
                // A path can hold a person's token, with which anybody unsubscribes them: the route says enough.
                http.EnrichWithHttpRequest = (trace, _) => trace.SetTag("url.path", null).SetTag("url.query", null);
            })
            .SetSampler(new ParentBasedSampler(new RootSampler(builder.Configuration.GetValue("OTEL_TRACES_SAMPLER_ARG", 1.0))))
            .AddOtlpExporter());
    }

    /// <summary>Begins a piece of work; null, at no cost, where nobody traces.</summary>
    public static Activity? Begin(string name, Guid? tenantId = null) =>
        s_source.StartActivity(name)?.SetTag("campaignhub.tenant_id", tenantId);

    /// <summary>The same for work that belongs to nothing that goes on around it.</summary>
    public static Activity? BeginApart(string name, Guid tenantId)
    {
        Activity.Current = null;
        return Begin(name, tenantId);
    }

    /// <summary>Begins a call to another machine.</summary>
    public static Activity? BeginCall(string name, string host, int port) =>
        s_source.StartActivity(name, ActivityKind.Client)?.SetTag("server.address", host).SetTag("server.port", port);

    private static bool IsPolled(PathString path) => path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics");

    /// <summary>Hangfire's jobs.</summary>
    public sealed class OfJobs : IServerFilter
    {
        private const string Key = "CampaignHub.Trace";

        public void OnPerforming(PerformingContext context) =>
            context.Items[Key] = s_source.StartActivity($"{context.BackgroundJob.Job.Type.Name}.{context.BackgroundJob.Job.Method.Name}");

        public void OnPerformed(PerformedContext context)
        {
            var trace = context.Items[Key] as Activity;
            if (context.Exception is { } fault)
                trace?.SetStatus(ActivityStatusCode.Error, fault.Message);
            trace?.Dispose();
        }
    }

    /// <summary>A share of all traces, and none that begins with a lone statement: workers look for work in SQL all the time.</summary>
    private sealed class RootSampler(double share) : Sampler
    {
        private readonly TraceIdRatioBasedSampler _share = new(Math.Clamp(share, 0, 1));

        public override SamplingResult ShouldSample(in SamplingParameters parameters) =>
            parameters.Kind == ActivityKind.Client ? new SamplingResult(SamplingDecision.Drop) : _share.ShouldSample(parameters);
    }
}
