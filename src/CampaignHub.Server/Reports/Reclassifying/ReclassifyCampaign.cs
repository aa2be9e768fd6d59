using CampaignHub.Core.Campaigns;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Jobs;
using CampaignHub.Server.Reports.Retention;
using NodaTime;

namespace CampaignHub.Server.Reports.Reclassifying;

/// <summary>
/// Judges all hits of a campaign again in the background, by the rules of today and with all that has become known around each of
/// them, and moves its reports by the difference. Asked for again while it is at work, it goes on with that. Events keep their
/// place in the log and their id: <c>class</c> and <c>reason</c> are corrected, and no event is told once more.
/// </summary>
internal sealed class ReclassifyCampaign(WorkSignal signal, IClock clock) : ApiEndpoint<CampaignRequest, ReclassificationView>
{
    public override void Configure()
    {
        Post("/v1/campaigns/{id}/reclassify");
        Access(Scope.CampaignsWrite);
        Answers(202);
        Conflicts();
        Summary(s => s.Summary = "Judge a campaign's hits again");
    }

    protected override async Task<Answer<ReclassificationView>> AnswerAsync(CampaignRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.FindAsync(transaction, request.Id) is not { } campaign)
            return Problems.NotFound("campaign");
        if (campaign.Status is CampaignStatus.Draft or CampaignStatus.Planned)
            return Problems.StateConflict("The campaign hasn't been launched, so it has no hits.");
        if (await SealStore.OfCampaignAsync(transaction, request.Id) is { } before)
            return Problems.StateConflict($"Hits from before {before} are no longer kept, so what was first among them can't be told again.");
        await ReclassificationStore.RequestAsync(transaction, request.Id, clock.GetCurrentInstant());
        return Answer.Accepted((await ReclassificationView.FindAsync(transaction, request.Id))!);
    }

    protected override Task AfterCommitAsync(CampaignRequest request, CancellationToken ct)
    {
        signal.Wake(WorkKind.Reclassifications);
        return Task.CompletedTask;
    }
}
