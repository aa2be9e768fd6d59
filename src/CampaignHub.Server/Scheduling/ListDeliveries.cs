using CampaignHub.Core.Sending;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;

namespace CampaignHub.Server.Scheduling;

/// <summary>A page of a campaign's deliveries to list.</summary>
public sealed class ListDeliveriesRequest : PageRequest
{
    /// <summary>The campaign's id.</summary>
    public Guid Id { get; set; }

    /// <summary>Only those in this state.</summary>
    public string? State { get; set; }
}

/// <summary>Lists a campaign's deliveries, those of a plan before its launch too.</summary>
internal sealed class ListDeliveries(Cursors cursors) : ApiEndpoint<ListDeliveriesRequest, Page<DeliveryView>>
{
    public override void Configure()
    {
        Get("/v1/campaigns/{id}/deliveries");
        Access(Scope.CampaignsRead);
        Summary(s => s.Summary = "List a campaign's deliveries");
    }

    protected override async Task<Answer<Page<DeliveryView>>> AnswerAsync(ListDeliveriesRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.FindAsync(transaction, request.Id) is null)
            return Problems.NotFound("campaign");
        var list = $"deliveries {request.Id} {request.State}";
        var (limit, after) = cursors.Read(request, transaction.TenantId, list);
        var deliveries = await DeliveryViews.ListAsync(transaction, request.Id, request.State, after is null ? null : Guid.Parse(after), limit + 1);
        return cursors.Page(deliveries, limit, transaction.TenantId, list, d => d.Id.ToString());
    }

    internal sealed class Rules : Validator<ListDeliveriesRequest>
    {
        public Rules() => RuleFor(r => r.State).OneOf([.. Enum.GetValues<DeliveryState>().Select(s => s.Word())]);
    }
}
