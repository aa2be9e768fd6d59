using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>
/// Takes a recipient off a list. Where that is their own wish (<c>by_recipient</c>) it is remembered, and no import, upsert or shop puts
/// them back.
/// </summary>
internal sealed class RemoveFromList(IClock clock) : ApiEndpoint<ListMemberRequest, Nothing>
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
        if (request.ByRecipient)
            await ListStore.LeaveAsync(transaction, request.RecipientId, [request.Id], clock.GetCurrentInstant());
        else
            await ListStore.TakeOffAsync(transaction, request.RecipientId, request.Id);
        return Answer.NoContent();
    }
}
