using CampaignHub.Core.Reports;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Scheduling;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>What became of a campaign, read from roll-ups: deliveries, opens, clicks and what came back.</summary>
internal sealed class GetReport(IClock clock) : ApiEndpoint<CampaignRequest, Report>
{
    public override void Configure()
    {
        Get("/v1/campaigns/{id}/report");
        Access(Scope.ReportsRead);
        Summary(s => s.Summary = "Show a campaign's report");
    }

    protected override async Task<Answer<Report>> AnswerAsync(CampaignRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.FindAsync(transaction, request.Id) is null)
            return Problems.NotFound("campaign");
        var asOf = await RollupStore.AsOfAsync(transaction, clock.GetCurrentInstant());
        var counters = await RollupStore.TotalAsync(transaction, request.Id);
        var states = await DeliveryStore.CountByStateAsync(transaction, request.Id);
        return Report.Of(request.Id, asOf, states, counters);
    }
}
