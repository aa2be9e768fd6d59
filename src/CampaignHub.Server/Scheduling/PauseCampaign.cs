using CampaignHub.Core.Campaigns;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>Holds a campaign: no further message is begun, what is on the wire finishes.</summary>
internal sealed class PauseCampaign(IClock clock) : ApiEndpoint<CampaignRequest, CampaignView>
{
    public override void Configure()
    {
        Post("/v1/campaigns/{id}/pause");
        Access(Scope.CampaignsSend);
        Answers(202);
        Summary(s => s.Summary = "Pause the campaign");
    }

    protected override async Task<Answer<CampaignView>> AnswerAsync(CampaignRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.LockAsync(transaction, request.Id) is not { } campaign)
            return Problems.NotFound("campaign");
        if (await CampaignStore.MoveAsync(transaction, campaign, CampaignAction.Pause, clock.GetCurrentInstant()) is Transition.Refused refused)
            return Problems.StateConflict(refused.Reason);
        return Answer.Accepted(await CampaignView.OfAsync(transaction, (await CampaignStore.FindAsync(transaction, request.Id))!));
    }
}
