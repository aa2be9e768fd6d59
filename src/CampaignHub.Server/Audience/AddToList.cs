using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>Puts a recipient on a list; nothing happens where they are on it already.</summary>
internal sealed class AddToList(IClock clock) : ApiEndpoint<ListMemberRequest, Nothing>
{
    public override void Configure()
    {
        Put("/v1/lists/{id}/recipients/{recipient_id}");
        Access(Scope.AudienceWrite);
        Summary(s => s.Summary = "Put a recipient on a list");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(ListMemberRequest request, TenantTransaction transaction)
    {
        if (await request.HoldAsync(transaction) is { } missing)
            return missing;
        await ListStore.EnterAsync(transaction, request.RecipientId, (Guid[])[request.Id], clock.GetCurrentInstant());
        return Answer.NoContent();
    }
}
