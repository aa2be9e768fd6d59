using CampaignHub.Core.Campaigns;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Scheduling;

/// <summary>Removes a draft. What was planned or launched is cancelled instead, and stays to be read.</summary>
internal sealed class DeleteCampaign : ApiEndpoint<CampaignRequest, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/campaigns/{id}");
        Access(Scope.CampaignsWrite);
        Conflicts();
        Summary(s => s.Summary = "Remove a draft");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(CampaignRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.LockAsync(transaction, request.Id) is not { } campaign)
            return Problems.NotFound("campaign");
        if (CampaignLifecycle.Next(campaign.Status, CampaignAction.Delete) is Transition.Refused refused)
            return Problems.StateConflict(refused.Reason);
        if (await PlanRequests.LaunchingAsync(transaction, request.Id) is { } launching)
            return launching;
        await PlanRemoval.DropAsync(transaction, request.Id);
        await CampaignStore.DeleteAsync(transaction, request.Id);
        return Answer.NoContent();
    }
}
