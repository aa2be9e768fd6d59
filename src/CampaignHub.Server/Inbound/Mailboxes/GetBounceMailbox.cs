using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>Names a bounce mailbox.</summary>
public sealed class BounceMailboxRequest
{
    /// <summary>The mailbox's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Shows a bounce mailbox, without its password.</summary>
internal sealed class GetBounceMailbox : ApiEndpoint<BounceMailboxRequest, BounceMailboxView>
{
    public override void Configure()
    {
        Get("/v1/bounce-mailboxes/{id}");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "Show a bounce mailbox");
    }

    protected override async Task<Answer<BounceMailboxView>> AnswerAsync(BounceMailboxRequest request, TenantTransaction transaction) =>
        await BounceMailboxStore.FindAsync(transaction, request.Id) is { } mailbox ? BounceMailboxView.Of(mailbox) : Problems.NotFound("bounce mailbox");
}
