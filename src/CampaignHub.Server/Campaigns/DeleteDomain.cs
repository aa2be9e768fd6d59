using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Domains;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Campaigns;

/// <summary>
/// Removes a domain and its keys, unless a campaign under way sends from it or has links that begin with it. Lives here, below the domains, because it
/// needs the campaigns too.
/// </summary>
internal sealed class DeleteDomain : ApiEndpoint<DomainRequest, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/domains/{id}");
        Access(Scope.SettingsWrite);
        Tags("Domains");
        Conflicts();
        Summary(s => s.Summary = "Remove a domain");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(DomainRequest request, TenantTransaction transaction)
    {
        if (await DomainStore.LockAsync(transaction, request.Id) is not { } domain)
            return Problems.NotFound("domain");
        // Campaigns do without a bounce domain.
        var use = domain.Kind switch
        {
            "sending" => await DomainUse.BySenderAsync(transaction, domain.Name),
            "tracking" => await DomainUse.ByLinksAsync(transaction, domain.Name),
            _ => null,
        };
        if (use is not null)
            return Problems.InUse(use);
        await DomainStore.DeleteAsync(transaction, domain.DomainId);
        return Answer.NoContent();
    }
}
