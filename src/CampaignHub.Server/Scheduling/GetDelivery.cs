using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Scheduling;

/// <summary>A delivery to show.</summary>
public sealed class GetDeliveryRequest
{
    /// <summary>The delivery's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Shows one delivery: where it stands, and why it goes when it does.</summary>
internal sealed class GetDelivery : ApiEndpoint<GetDeliveryRequest, DeliveryView>
{
    public override void Configure()
    {
        Get("/v1/deliveries/{id}");
        Access(Scope.CampaignsRead);
        Summary(s => s.Summary = "Show a delivery");
    }

    protected override async Task<Answer<DeliveryView>> AnswerAsync(GetDeliveryRequest request, TenantTransaction transaction) =>
        await DeliveryViews.FindAsync(transaction, request.Id) is { } delivery ? delivery : Problems.NotFound("delivery");
}
