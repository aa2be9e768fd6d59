using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Inbound;

/// <summary>
/// Removes a person with their places on lists and the history of their consent. What was mailed to them stays counted, without
/// the address, the links that they followed and what mail servers said of them; what wasn't yet is cancelled. What shops posted
/// about them goes too.
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
        var erased = await PersonErasure.EraseAsync(transaction, [request.Id], clock.GetCurrentInstant());
        return erased.Recipients == 0 ? Problems.NotFound("recipient") : Answer.NoContent();
    }
}
