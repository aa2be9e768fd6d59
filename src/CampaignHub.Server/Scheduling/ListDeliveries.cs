using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Scheduling;

/// <summary>Which deliveries to list.</summary>
public sealed class ListDeliveriesRequest : DeliveryFilter
{
    /// <summary>Only those of this campaign.</summary>
    public Guid? CampaignId { get; set; }
}

/// <summary>
/// Lists the deliveries of all campaigns. As <c>text/csv</c> it streams all of them, in no order. A page may be short, or
/// empty, while <c>next_cursor</c> says that there is more to look through.
/// </summary>
internal sealed class ListDeliveries(DeliveryList deliveries) : ApiEndpoint<ListDeliveriesRequest, Page<DeliveryView>>
{
    public override void Configure()
    {
        Get("/v1/deliveries");
        Access(Scope.CampaignsRead);
        AlsoAnswers(CsvWriter.MediaType);
        Summary(s => s.Summary = "List deliveries");
    }

    protected override async Task<Answer<Page<DeliveryView>>> AnswerAsync(ListDeliveriesRequest request, TenantTransaction transaction) =>
        request.CampaignId is { } campaignId && await CampaignStore.FindAsync(transaction, campaignId) is null
            ? Problems.NotFound("campaign")
            : await deliveries.AnswerAsync(transaction, request, request.CampaignId, CsvWriter.IsWanted(HttpContext.Request));

    internal sealed class Rules : DeliveryFilterRules<ListDeliveriesRequest>;
}
