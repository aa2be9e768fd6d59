using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Deliveries;

/// <summary>
/// Removes a person with their places on lists. What was mailed to them stays counted, without the address; what wasn't
/// yet is cancelled. Lives here, below the audience, because it needs the ledger too.
/// </summary>
internal sealed class DeleteRecipient(IClock clock) : ApiEndpoint<RecipientRequest, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/recipients/{id}");
        Access(Scope.AudienceWrite);
        Tags("Audience");
        Summary(s => s.Summary = "Remove a recipient");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(RecipientRequest request, TenantTransaction transaction)
    {
        await PersonRemovalStore.WaitForPlansAsync(transaction);
        if (!await RecipientStore.DeleteAsync(transaction, request.Id))
            return Problems.NotFound("recipient");
        await PersonRemovalStore.RemoveAsync(transaction, [request.Id], clock.GetCurrentInstant());
        return Answer.NoContent();
    }
}
