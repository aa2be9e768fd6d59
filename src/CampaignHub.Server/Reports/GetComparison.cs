using CampaignHub.Core.Reports;
using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>A campaign beside the tenant's others.</summary>
public sealed class GetComparisonRequest : ReportRequest;

/// <summary>A campaign's rates beside the median of the tenant's others.</summary>
/// <param name="AsOf">Everything that was received before this instant is counted.</param>
/// <param name="Campaigns">How many others there are to compare with: the last 100 that were launched, as far as anything of them was delivered.</param>
/// <param name="Open">Unique opens of people ÷ delivered.</param>
/// <param name="Click">Unique clicks of people ÷ delivered.</param>
/// <param name="ClickToOpen">Unique clicks of people ÷ unique opens of people.</param>
/// <param name="Unsubscribe">Unsubscribes ÷ delivered.</param>
/// <param name="Bounce">Bounces ÷ accepted.</param>
/// <param name="Complaint">Complaints ÷ delivered.</param>
/// <param name="Reply">Replies ÷ delivered.</param>
public sealed record ComparisonReport(
    Instant AsOf, long Campaigns, ComparedRate Open, ComparedRate Click, ComparedRate ClickToOpen, ComparedRate Unsubscribe, ComparedRate Bounce,
    ComparedRate Complaint, ComparedRate Reply);

/// <summary>A rate with 4 decimals.</summary>
/// <param name="Campaign">The campaign's own; null where there is nothing to divide by.</param>
/// <param name="Median">The median of the others'; null where there are none.</param>
public sealed record ComparedRate(decimal? Campaign, decimal? Median);

/// <summary>Compares a campaign's rates with the median of the tenant's last hundred others.</summary>
internal sealed class GetComparison(FoldedThrough folded) : ApiEndpoint<GetComparisonRequest, ComparisonReport>
{
    public override void Configure()
    {
        Get("/v1/campaigns/{id}/report/comparison");
        Access(Scope.ReportsRead);
        AlsoAnswers(CsvWriter.MediaType);
        Polled();
        Summary(s => s.Summary = "Compare a campaign with the tenant's others");
    }

    protected override async Task<Answer<ComparisonReport>> AnswerAsync(GetComparisonRequest request, TenantTransaction transaction)
    {
        if (!await CampaignStore.IsKnownAsync(transaction, request.Id))
            return Problems.NotFound("campaign");
        var asOf = await folded.ReadAsync(transaction);
        var own = await RollupStore.TotalAsync(transaction, request.Id);
        var others = (await LaunchedCampaignTotals.LastAsync(transaction, request.Id)).Where(other => other.Delivered > 0).ToList();
        var report = new ComparisonReport(asOf, others.Count,
            Compare(r => Rates.Of(r.Unique(HitKind.Open, HitView.Human), r.Delivered)),
            Compare(r => Rates.Of(r.Unique(HitKind.Click, HitView.Human), r.Delivered)),
            Compare(r => r.Rates.ClickToOpen),
            Compare(r => r.Rates.Unsubscribe),
            Compare(r => r.Rates.Bounce),
            Compare(r => r.Rates.Complaint),
            Compare(r => r.Rates.Reply));
        var atRest = report with { AsOf = default };
        return ReportAnswer.Of(HttpContext.Request, request.Format, report, atRest, ReportTable.Of([report], report));

        ComparedRate Compare(Func<Rollup, decimal?> rate) => new(rate(own), Median.Of(others.Select(rate)));
    }

    internal sealed class Rules : Validator<GetComparisonRequest>
    {
        public Rules() => RuleFor(r => r.Format).OneOf("json", "csv");
    }
}
