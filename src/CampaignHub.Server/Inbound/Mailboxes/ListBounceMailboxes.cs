using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>A page of bounce mailboxes to list.</summary>
public sealed class ListBounceMailboxesRequest : PageRequest;

/// <summary>Lists the tenant's bounce mailboxes, oldest first.</summary>
internal sealed class ListBounceMailboxes(Cursors cursors) : ApiEndpoint<ListBounceMailboxesRequest, Page<BounceMailboxView>>
{
    private const string List = "bounce-mailboxes";

    public override void Configure()
    {
        Get("/v1/bounce-mailboxes");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "List the bounce mailboxes");
    }

    protected override async Task<Answer<Page<BounceMailboxView>>> AnswerAsync(ListBounceMailboxesRequest request, TenantTransaction transaction)
    {
        var (limit, after) = cursors.Read(request, transaction.TenantId, List);
        var mailboxes = await BounceMailboxStore.ListAsync(transaction, after is null ? null : Guid.Parse(after), limit + 1);
        return cursors.Page([.. mailboxes.Select(BounceMailboxView.Of)], limit, transaction.TenantId, List, mailbox => mailbox.Id.ToString());
    }
}
