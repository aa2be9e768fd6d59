using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>
/// Puts a recipient on a list; nothing happens where they are on it already. 409 where they have left it themselves, unless they ask
/// for it: <c>by_recipient</c>.
/// </summary>
internal sealed class AddToList(IClock clock) : ApiEndpoint<ListMemberRequest, Nothing>
{
    public override void Configure()
    {
        Put("/v1/lists/{id}/recipients/{recipient_id}");
        Access(Scope.AudienceWrite);
        Conflicts();
        Summary(s => s.Summary = "Put a recipient on a list");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(ListMemberRequest request, TenantTransaction transaction)
    {
        if (await request.HoldAsync(transaction) is { } missing)
            return missing;
        var now = clock.GetCurrentInstant();
        if (request.ByRecipient)
            await ListStore.JoinAsync(transaction, request.RecipientId, [request.Id], now);
        else if (await ListStore.HasLeftAsync(transaction, request.RecipientId, request.Id))
            return Problems.StateConflict("The recipient has left this list themselves. Where they ask to be on it again, say so: by_recipient=true.");
        else
            await ListStore.EnterAsync(transaction, request.RecipientId, (Guid[])[request.Id], now);
        return Answer.NoContent();
    }
}
