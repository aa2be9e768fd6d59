using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Relays;

/// <summary>Names a relay.</summary>
public sealed class RelayRequest
{
    /// <summary>The relay's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Shows a relay, without its password.</summary>
internal sealed class GetRelay : ApiEndpoint<RelayRequest, RelayView>
{
    public override void Configure()
    {
        Get("/v1/relays/{id}");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "Show a relay");
    }

    protected override async Task<Answer<RelayView>> AnswerAsync(RelayRequest request, TenantTransaction transaction) =>
        await RelayStore.FindAsync(transaction, request.Id) is { } relay ? RelayView.Of(relay) : Problems.NotFound("relay");
}
