using CampaignHub.Server.Platform;
using CampaignHub.Server.Reports.Live;
using CampaignHub.Server.Reports.Reclassifying;
using CampaignHub.Server.Reports.Retention;

namespace CampaignHub.Server.Reports;

/// <summary>Roll-ups and the reports read from them.</summary>
internal static class ReportsRoom
{
    public static IServiceCollection AddReports(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(new OrderAttributionRule(settings.Reports.AttributionDays));
        services.AddSingleton<FoldedThrough>().AddSingleton<LiveReports>().AddSingleton<LiveMetrics>();
        if (settings.RunsWorkers)
            services.AddHostedService<ReportFolder>().AddHostedService<Reclassifier>().AddHostedService<RetentionSweep>().AddHostedService<OrderAttribution>();
        return services;
    }
}
