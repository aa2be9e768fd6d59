using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Audience;

/// <summary>Takes a recipient off a list; nothing happens where they aren't on it.</summary>
internal sealed class RemoveFromList : ApiEndpoint<ListMemberRequest, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/lists/{id}/recipients/{recipient_id}");
        Access(Scope.AudienceWrite);
        Summary(s => s.Summary = "Take a recipient off a list");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(ListMemberRequest request, TenantTransaction transaction)
    {
        if (await request.HoldAsync(transaction) is { } missing)
            return missing;
        await ListStore.LeaveAsync(transaction, request.RecipientId, request.Id);
        return Answer.NoContent();
    }
}
