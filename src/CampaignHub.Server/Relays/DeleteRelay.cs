using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Relays;

/// <summary>Removes a relay: nothing more is handed to it. Without any, mail waits for one.</summary>
internal sealed class DeleteRelay(RelayPools pools) : ApiEndpoint<RelayRequest, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/relays/{id}");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Remove a relay");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(RelayRequest request, TenantTransaction transaction) =>
        await RelayStore.DeleteAsync(transaction, request.Id) ? Answer.NoContent() : Problems.NotFound("relay");

    protected override Task AfterCommitAsync(RelayRequest request, CancellationToken ct) => pools.CloseAsync(request.Id).AsTask();
}
