using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Storefronts.Syncs;

/// <summary>Reads all of a shop's customers and orders through its API, for the first time or to repair what was missed. One that runs goes on.</summary>
internal sealed class SyncStorefront(WorkSignal signal, IClock clock) : ApiEndpoint<StorefrontRequest, StorefrontSyncView>
{
    public override void Configure()
    {
        Post("/v1/storefronts/{id}/sync");
        Access(Scope.SettingsWrite);
        Answers(202);
        Conflicts();
        Summary(s => s.Summary = "Sync a storefront");
    }

    protected override async Task<Answer<StorefrontSyncView>> AnswerAsync(StorefrontRequest request, TenantTransaction transaction)
    {
        if (await StorefrontStore.LockAsync(transaction, request.Id) is not { } storefront)
            return Problems.NotFound("storefront");
        if (storefront.AccessTokenEncrypted is null)
            return Problems.StateConflict($"A sync needs the shop's API: give the storefront its access_token (PATCH /v1/storefronts/{request.Id}).");
        await StorefrontSyncStore.BeginAsync(transaction, request.Id, clock.GetCurrentInstant());
        return Answer.Accepted(StorefrontSyncView.Of((await StorefrontSyncStore.FindAsync(transaction, request.Id))!));
    }

    protected override Task AfterCommitAsync(StorefrontRequest request, CancellationToken ct)
    {
        signal.Wake(WorkKind.ShopSyncs);
        return Task.CompletedTask;
    }
}
