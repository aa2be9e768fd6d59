using System.Globalization;
using CampaignHub.Core.Reports;
using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>How long a campaign's readers took.</summary>
public sealed class GetDelaysRequest : ReportRequest;

/// <summary>The time from a message to its first open, its first click and its first reply.</summary>
/// <param name="AsOf">Everything that was received before this instant is counted.</param>
/// <param name="Opens">To the first open.</param>
/// <param name="Clicks">To the first click.</param>
/// <param name="Replies">To the first reply; automatic ones such as absence notices are none.</param>
public sealed record DelaysReport(Instant AsOf, DelayViews Opens, DelayViews Clicks, DelayQuantiles Replies);

/// <summary>The same in three views, side by side.</summary>
/// <param name="All">Hits of every class.</param>
/// <param name="WithoutPrivacyProxies">All but those of proxies that fetch whether or not anybody reads, mostly at once.</param>
/// <param name="Human">Only those of people.</param>
public sealed record DelayViews(DelayQuantiles All, DelayQuantiles WithoutPrivacyProxies, DelayQuantiles Human);

/// <summary>How long it took, from the message's date; to 9 %, or a second.</summary>
/// <param name="Deliveries">How many deliveries this is known of.</param>
/// <param name="P50Seconds">Seconds within which half of them were; null where there is none.</param>
/// <param name="P90Seconds">Seconds within which nine in ten of them were; null where there is none.</param>
public sealed record DelayQuantiles(long Deliveries, long? P50Seconds, long? P90Seconds);

/// <summary>Shows how long it took until deliveries of a campaign were first opened, first clicked and replied to, of those that were.</summary>
internal sealed class GetDelays(FoldedThrough folded) : ApiEndpoint<GetDelaysRequest, DelaysReport>
{
    public override void Configure()
    {
        Get("/v1/campaigns/{id}/report/delays");
        Access(Scope.ReportsRead);
        AlsoAnswers(CsvWriter.MediaType);
        Polled();
        Summary(s => s.Summary = "Show how long a campaign's readers took");
    }

    protected override async Task<Answer<DelaysReport>> AnswerAsync(GetDelaysRequest request, TenantTransaction transaction)
    {
        if (!await CampaignStore.IsKnownAsync(transaction, request.Id))
            return Problems.NotFound("campaign");
        var asOf = await folded.ReadAsync(transaction);
        var buckets = await RollupStore.ReadAsync(transaction, request.Id, "delay");
        var report = new DelaysReport(asOf, Views(buckets, HitKind.Open), Views(buckets, HitKind.Click), Quantiles(buckets, bucket => bucket.Replies));
        var atRest = report with { AsOf = default };
        return ReportAnswer.Of(HttpContext.Request, request.Format, report, atRest, ReportTable.Of([report], report));
    }

    private static DelayViews Views(IReadOnlyList<Rollup> buckets, HitKind measure)
    {
        return new(Of(HitView.All), Of(HitView.WithoutPrivacyProxies), Of(HitView.Human));

        DelayQuantiles Of(HitView view) => Quantiles(buckets, bucket => bucket.Unique(measure, view));
    }

    private static DelayQuantiles Quantiles(IReadOnlyList<Rollup> buckets, Func<Rollup, long> countOf)
    {
        var counts = buckets.ToDictionary(b => int.Parse(b.Key, CultureInfo.InvariantCulture), countOf);
        return new DelayQuantiles(counts.Values.Sum(), Seconds(0.5), Seconds(0.9));

        long? Seconds(double share) => DelayScale.Quantile(counts, share) is { } seconds ? (long)Math.Round(seconds) : null;
    }

    internal sealed class Rules : Validator<GetDelaysRequest>
    {
        public Rules() => RuleFor(r => r.Format).OneOf("json", "csv");
    }
}
