using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>Confirms subscriptions of SNS topics that were asked for.</summary>
internal sealed class SnsConfirmer(Database database, SnsClient sns, WorkSignal signal, WorkerHealth health, IClock clock, ILogger<SnsConfirmer> log)
    : WorkLoop(signal, health, log)
{
    protected override WorkKind Heeds => WorkKind.ProviderEvents;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        foreach (var (tenantId, feedId) in await database.LookUpAsync<(Guid, Guid)>("SELECT tenant_id, feed_id FROM due_provider_confirmations()", null, ct))
        {
            if (await ClaimAsync(tenantId, feedId, ct) is not { } url)
                continue;
            var problem = await sns.ConfirmAsync(new Uri(url), ct);
            await using var transaction = await database.BeginAsync(tenantId, ct);
            await (problem is null
                ? ProviderFeedStore.NoteConfirmedAsync(transaction, feedId, url, clock.GetCurrentInstant())
                : ProviderFeedStore.NoteProblemAsync(transaction, feedId, url, problem));
            await transaction.CommitAsync();
        }
        return false;
    }

    private async Task<string?> ClaimAsync(Guid tenantId, Guid feedId, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        var url = await ProviderFeedStore.ClaimConfirmationAsync(transaction, feedId);
        await transaction.CommitAsync();
        return url;
    }
}
