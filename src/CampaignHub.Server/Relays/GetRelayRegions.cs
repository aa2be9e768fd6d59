using CampaignHub.Core.Relays;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Relays;

/// <summary>Which countries a relay's <c>region</c> stands for.</summary>
public sealed record RelayRegionsView
{
    /// <summary>Countries (ISO 3166-1 alpha-2) by region, as they hold: the tenant's own regions over the built-in ones.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Regions { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Names of the regions that are the tenant's own.</summary>
    public IReadOnlyList<string> Own { get; init; } = [];

    internal static RelayRegionsView Of(IReadOnlyDictionary<string, IReadOnlyList<string>> own) => new()
    {
        Regions = RelayRegions.BuiltIn.With(own).Countries,
        Own = [.. own.Keys.Order(StringComparer.Ordinal)],
    };
}

/// <summary>Shows which region holds which countries: mail leaves through a relay whose region holds the recipient's.</summary>
internal sealed class GetRelayRegions : ApiEndpoint<Nothing, RelayRegionsView>
{
    public override void Configure()
    {
        Get("/v1/relay-regions");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "Show the regions of relays");
    }

    protected override async Task<Answer<RelayRegionsView>> AnswerAsync(Nothing request, TenantTransaction transaction) =>
        RelayRegionsView.Of(await RelayRegionStore.OwnAsync(transaction));
}
