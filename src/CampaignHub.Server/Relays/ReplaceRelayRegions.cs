using CampaignHub.Core;
using CampaignHub.Core.Relays;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;

namespace CampaignHub.Server.Relays;

/// <summary>The tenant's own regions, all of them.</summary>
public sealed class ReplaceRelayRegionsRequest
{
    [FromBody]
    public RelayRegionsDraft Body { get; set; } = new();
}

/// <summary>A tenant's own regions.</summary>
public sealed class RelayRegionsDraft
{
    /// <summary>
    /// Countries (ISO 3166-1 alpha-2) by region: at most 100 regions. Each stands in place of the built-in one of its name,
    /// and a country named here leaves the built-in region where it was. <c>{}</c> goes back to the built-in table.
    /// </summary>
    public Dictionary<string, string[]?>? Regions { get; set; }
}

/// <summary>
/// Puts these regions in place of all the tenant's own. One PUT of the whole and no call for each region: a country is
/// in one region only, so that moving it concerns two of them, and a table in between would be wrong.
/// </summary>
internal sealed class ReplaceRelayRegions : ApiEndpoint<ReplaceRelayRegionsRequest, RelayRegionsView>
{
    public override void Configure()
    {
        Put("/v1/relay-regions");
        Access(Scope.SettingsWrite);
        Conflicts();
        Summary(s => s.Summary = "Replace the tenant's own regions of relays");
    }

    protected override async Task<Answer<RelayRegionsView>> AnswerAsync(ReplaceRelayRegionsRequest request, TenantTransaction transaction)
    {
        List<FieldError> errors = [];
        if (RelayRegions.Read(request.Body.Regions!, "regions", errors) is not { } own)
            return Problems.Invalid(errors);
        var remaining = RelayRegions.BuiltIn.With(own).Countries;
        if ((await RelayStore.ListRegionsAsync(transaction)).FirstOrDefault(region => !remaining.ContainsKey(region)) is { } used)
            return Problems.InUse($"A relay is in the region {used}, which would be gone: keep it, or PATCH that relay first.");
        await RelayRegionStore.ReplaceAsync(transaction, own);
        return RelayRegionsView.Of(own);
    }

    internal sealed class Rules : Validator<ReplaceRelayRegionsRequest>
    {
        public Rules() => RuleFor(r => r.Body.Regions).NotNull()
            .Must(regions => regions is not { Count: > 100 }).WithMessage("At most 100 regions.");
    }
}
