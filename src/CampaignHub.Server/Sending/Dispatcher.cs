using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// Finds campaigns with something due and sends a batch of each, all campaigns side by side, so that none waits for
/// another's end. Every worker node runs one; the claims keep them apart.
/// </summary>
internal sealed class Dispatcher(
    Database database, LaunchedCampaigns campaigns, DeliveryAttempt attempt, RelayRest rest, KeyRing keys, PublicUrl publicUrl, Node node,
    WorkSignal signal, WorkerHealth health, IClock clock, ILogger<Dispatcher> log) : WorkLoop(signal, health, log)
{
    private const int BatchSize = 400;
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(Lease.Seconds / 4);

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var due = await database.LookUpAsync<(Guid TenantId, Guid CampaignId)>(
            "SELECT tenant_id, campaign_id FROM campaigns_to_send(@now)", new { now = clock.GetCurrentInstant() }, ct);
        var sent = await Task.WhenAll(due.Select(c => SendBatchAsync(c.TenantId, c.CampaignId, ct)));
        return sent.Any(any => any);
    }

    /// <summary>True if something was claimed and a relay is awake, so that more may be sent at once.</summary>
    private async Task<bool> SendBatchAsync(Guid tenantId, Guid campaignId, CancellationToken ct)
    {
        if (await ClaimAsync(tenantId, campaignId, ct) is not { } batch)
            return false;
        using var stopBeating = new CancellationTokenSource();
        var beating = BeatAsync(batch, stopBeating.Token);
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = batch.Relays.Sum(r => r.MaxConnections), CancellationToken = ct };
            await Parallel.ForEachAsync(batch.Deliveries, options, async (delivery, token) => await attempt.RunAsync(batch, delivery, token));
        }
        finally
        {
            await stopBeating.CancelAsync();
            await beating;
            await ReleaseAsync(batch);
        }
        Signal.Wake();
        return batch.Relays.Any(r => !rest.IsResting(r.RelayId));
    }

    private async Task<DeliveryBatch?> ClaimAsync(Guid tenantId, Guid campaignId, CancellationToken ct)
    {
        var campaign = await campaigns.GetAsync(tenantId, campaignId, ct);
        await using var transaction = await database.BeginAsync(tenantId, ct);
        var relays = (await RelayStore.ListEnabledAsync(transaction, keys)).Where(r => !rest.IsResting(r.RelayId)).ToList();
        if (relays.Count == 0)
            return null;
        var lease = new Lease(Guid.CreateVersion7(), node.Id);
        var claimed = await LeaseStore.ClaimAsync(transaction, campaignId, lease, BatchSize, clock.GetCurrentInstant());
        await transaction.CommitAsync();
        return claimed.Count == 0 ? null : new DeliveryBatch(campaign, lease, claimed, relays, DeliveryBatch.KeyOf(keys, tenantId), publicUrl.Value);
    }

    private async Task BeatAsync(DeliveryBatch batch, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(HeartbeatEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
                await InTransactionAsync(batch, transaction => LeaseStore.HeartbeatAsync(transaction, batch.Campaign.CampaignId, batch.Lease));
        }
        catch (OperationCanceledException)
        {
            // The batch is done.
        }
        catch (Npgsql.NpgsqlException)
        {
            // Without a beat the lease runs out and others take over; every write of ours is fenced by its token.
        }
    }

    private Task ReleaseAsync(DeliveryBatch batch) => InTransactionAsync(batch, transaction =>
        LeaseStore.ReleaseAsync(transaction, batch.Campaign.CampaignId, batch.Lease, clock.GetCurrentInstant()));

    private async Task InTransactionAsync(DeliveryBatch batch, Func<TenantTransaction, Task> write)
    {
        await using var transaction = await database.BeginAsync(batch.TenantId, CancellationToken.None);
        await write(transaction);
        await transaction.CommitAsync();
    }
}
