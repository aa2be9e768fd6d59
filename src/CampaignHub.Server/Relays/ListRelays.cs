using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Relays;

/// <summary>A page of relays to list.</summary>
public sealed class ListRelaysRequest : PageRequest;

/// <summary>Lists the tenant's relays, oldest first, without their passwords.</summary>
internal sealed class ListRelays(Cursors cursors) : ApiEndpoint<ListRelaysRequest, Page<RelayView>>
{
    public override void Configure()
    {
        Get("/v1/relays");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "List the relays");
    }

    protected override async Task<Answer<Page<RelayView>>> AnswerAsync(ListRelaysRequest request, TenantTransaction transaction)
    {
        var (limit, after) = cursors.Read(request, transaction.TenantId, "relays");
        var relays = await RelayStore.ListAsync(transaction, after is null ? null : Guid.Parse(after), limit + 1);
        return cursors.Page([.. relays.Select(RelayView.Of)], limit, transaction.TenantId, "relays", r => r.Id.ToString());
    }
}
