using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Domains;

/// <summary>Names a domain.</summary>
public sealed class DomainRequest
{
    /// <summary>The domain's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Shows a domain with its records as they were last found.</summary>
internal sealed class GetDomain(DomainTargets targets) : ApiEndpoint<DomainRequest, DomainView>
{
    public override void Configure()
    {
        Get("/v1/domains/{id}");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "Show a domain");
    }

    protected override async Task<Answer<DomainView>> AnswerAsync(DomainRequest request, TenantTransaction transaction) =>
        await DomainStore.FindAsync(transaction, request.Id) is { } domain
            ? DomainView.Of(domain, targets)
            : Problems.NotFound("domain");
}
