using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Scheduling;

/// <summary>Which of a campaign's deliveries to list.</summary>
public sealed class ListCampaignDeliveriesRequest : DeliveryFilter
{
    /// <summary>The campaign's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>
/// Lists a campaign's deliveries, those of a plan before its launch too. As <c>text/csv</c> it streams all of them, in no
/// order. A page may be short, or empty, while <c>next_cursor</c> says that there is more to look through.
/// </summary>
internal sealed class ListCampaignDeliveries(DeliveryList deliveries) : ApiEndpoint<ListCampaignDeliveriesRequest, Page<DeliveryView>>
{
    public override void Configure()
    {
        Get("/v1/campaigns/{id}/deliveries");
        Access(Scope.CampaignsRead);
        AlsoAnswers(CsvWriter.MediaType);
        Summary(s => s.Summary = "List a campaign's deliveries");
    }

    protected override async Task<Answer<Page<DeliveryView>>> AnswerAsync(ListCampaignDeliveriesRequest request, TenantTransaction transaction) =>
        await CampaignStore.FindAsync(transaction, request.Id) is null
            ? Problems.NotFound("campaign")
            : await deliveries.AnswerAsync(transaction, request, request.Id, CsvWriter.IsWanted(HttpContext.Request));

    internal sealed class Rules : DeliveryFilterRules<ListCampaignDeliveriesRequest>;
}
