using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;

namespace CampaignHub.Server.Reports;

/// <summary>A campaign's report.</summary>
public sealed class GetReportRequest : ReportRequest;

/// <summary>What became of a campaign, read from roll-ups: deliveries, opens, clicks, what came back and what was bought.</summary>
internal sealed class GetReport(FoldedThrough folded, OrderAttributionRule attribution) : ApiEndpoint<GetReportRequest, Report>
{
    public override void Configure()
    {
        Get("/v1/campaigns/{id}/report");
        Access(Scope.ReportsRead);
        AlsoAnswers(CsvWriter.MediaType);
        Polled();
        Summary(s => s.Summary = "Show a campaign's report");
    }

    protected override async Task<Answer<Report>> AnswerAsync(GetReportRequest request, TenantTransaction transaction)
    {
        if (!await CampaignStore.IsKnownAsync(transaction, request.Id))
            return Problems.NotFound("campaign");
        var report = await Report.ReadAsync(transaction, request.Id, folded, attribution);
        return ReportAnswer.Of(HttpContext.Request, request.Format, report, report.AtRest, ReportTable.Of([report], report));
    }

    internal sealed class Rules : Validator<GetReportRequest>
    {
        public Rules() => RuleFor(r => r.Format).OneOf("json", "csv");
    }
}
