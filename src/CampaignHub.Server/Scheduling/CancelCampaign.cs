using CampaignHub.Core.Campaigns;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>
/// Gives up what has not been sent; what is on the wire finishes. Nothing more is begun from here on; of a large campaign it takes a
/// while until every delivery says so. Final: duplicate the campaign to send again.
/// </summary>
internal sealed class CancelCampaign(IClock clock) : ApiEndpoint<CampaignRequest, CampaignView>
{
    public override void Configure()
    {
        Post("/v1/campaigns/{id}/cancel");
        Access(Scope.CampaignsSend);
        Answers(202);
        Summary(s => s.Summary = "Cancel the campaign");
    }

    protected override async Task<Answer<CampaignView>> AnswerAsync(CampaignRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.LockAsync(transaction, request.Id) is not { } campaign)
            return Problems.NotFound("campaign");
        var now = clock.GetCurrentInstant();
        if (await CampaignStore.MoveAsync(transaction, campaign, CampaignAction.Cancel, now) is Transition.Refused refused)
            return Problems.StateConflict(refused.Reason);
        await PlannedDeliveryStore.CancelAsync(transaction, request.Id, now);
        return Answer.Accepted(await CampaignView.OfAsync(transaction, (await CampaignStore.FindAsync(transaction, request.Id))!));
    }
}
