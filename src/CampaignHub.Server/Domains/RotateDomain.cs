using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Domains;

/// <summary>
/// Makes the next pair of DKIM keys. Mail goes on being signed with the present one until both new records are seen in
/// DNS; the old records then stay for some days, for mail that is still on its way.
/// </summary>
internal sealed class RotateDomain(DomainTargets targets, KeyRing keyRing, IClock clock) : ApiEndpoint<DomainRequest, DomainView>
{
    public override void Configure()
    {
        Post("/v1/domains/{id}/rotate");
        Access(Scope.SettingsWrite);
        Conflicts();
        Summary(s => s.Summary = "Rotate the domain's keys");
    }

    protected override async Task<Answer<DomainView>> AnswerAsync(DomainRequest request, TenantTransaction transaction)
    {
        if (await DomainStore.LockAsync(transaction, request.Id) is not { } domain)
            return Problems.NotFound("domain");
        if (domain.Kind != "sending")
            return Problems.StateConflict($"A {domain.Kind} domain has no keys: only those of sending domains can be rotated.");
        if (domain.Waiting is { } waiting)
            return Problems.StateConflict($"The keys {waiting} haven't been seen in DNS yet: publish them, then POST /v1/domains/{domain.DomainId}/verify.");
        var next = DkimPair.Create(keyRing, transaction.TenantId, domain.DomainId, domain.Pairs[^1].Generation + 1, clock.GetCurrentInstant());
        await DomainStore.InsertPairAsync(transaction, next);
        return DomainView.Of(domain with { Pairs = [.. domain.Pairs, next] }, targets);
    }
}
