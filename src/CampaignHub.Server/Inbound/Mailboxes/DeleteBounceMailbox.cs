using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>Removes a bounce mailbox: it isn't read any more. What lies in it stays.</summary>
internal sealed class DeleteBounceMailbox : ApiEndpoint<BounceMailboxRequest, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/bounce-mailboxes/{id}");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Remove a bounce mailbox");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(BounceMailboxRequest request, TenantTransaction transaction) =>
        await BounceMailboxStore.DeleteAsync(transaction, request.Id) ? Answer.NoContent() : Problems.NotFound("bounce mailbox");
}
