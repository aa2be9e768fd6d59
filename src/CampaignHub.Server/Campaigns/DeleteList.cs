using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Campaigns;

/// <summary>
/// Removes a list that no unfinished campaign or import needs; who was on it stays a recipient. Lives here, below the
/// audience, because it needs the campaigns too.
/// </summary>
internal sealed class DeleteList : ApiEndpoint<ListRequest, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/lists/{id}");
        Access(Scope.AudienceWrite);
        Tags("Audience");
        Conflicts();
        Summary(s => s.Summary = "Remove a list");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(ListRequest request, TenantTransaction transaction)
    {
        if (!await ListStore.LockForDeletionAsync(transaction, request.Id))
            return Problems.NotFound("list");
        if (await ListUse.FindAsync(transaction, request.Id) is { } use)
            return Problems.InUse(use);
        await ListStore.DeleteAsync(transaction, request.Id);
        return Answer.NoContent();
    }
}
