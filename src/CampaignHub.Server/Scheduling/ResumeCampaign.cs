using CampaignHub.Core.Campaigns;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>Lets a paused campaign go on. What came due meanwhile follows its schedule's <c>when_passed</c> and <c>grace</c>.</summary>
internal sealed class ResumeCampaign(WorkSignal signal, IClock clock) : ApiEndpoint<CampaignRequest, CampaignView>
{
    public override void Configure()
    {
        Post("/v1/campaigns/{id}/resume");
        Access(Scope.CampaignsSend);
        Answers(202);
        Summary(s => s.Summary = "Resume the campaign");
    }

    protected override async Task<Answer<CampaignView>> AnswerAsync(CampaignRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.LockAsync(transaction, request.Id) is not { } campaign)
            return Problems.NotFound("campaign");
        var opened = await WaveStore.AnyOpenedAsync(transaction, request.Id);
        if (await CampaignStore.MoveAsync(transaction, campaign, CampaignAction.Resume, clock.GetCurrentInstant(), opened) is Transition.Refused refused)
            return Problems.StateConflict(refused.Reason);
        await PolicyWindowStore.ForgetAsync(transaction, request.Id);
        return Answer.Accepted(await CampaignView.OfAsync(transaction, (await CampaignStore.FindAsync(transaction, request.Id))!));
    }

    protected override Task AfterCommitAsync(CampaignRequest request, CancellationToken ct)
    {
        signal.Wake(WorkKind.Deliveries);
        return Task.CompletedTask;
    }
}
