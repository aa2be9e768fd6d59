using System.Diagnostics;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Domains;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// Works one campaign off: claims a batch, hands it to the lanes of its relays, and claims the next while the first is
/// still being sent, until nothing is due.
/// </summary>
internal sealed partial class CampaignRuns(
    Database database, LaunchedCampaigns campaigns, RelayLanes lanes, RelayRest rest, RelayShares shares, DkimSigners signers, KeyRing keys, PublicUrl publicUrl, Node node,
    Settings settings, IClock clock, ILogger<CampaignRuns> log)
{
    private const int BatchSize = 400;

    /// <summary>Set while campaigns wait for a run: each then ends after its batch, so that all have their turn.</summary>
    public bool OthersWait { get; set; }

    /// <summary>True if anything was claimed.</summary>
    public async Task<bool> RunAsync(Guid tenantId, Guid campaignId, CancellationToken ct)
    {
        var open = new List<Task>();
        try
        {
            while (!ct.IsCancellationRequested && await ClaimAsync(tenantId, campaignId, ct) is { } batch)
            {
                open.RemoveAll(sending => sending.IsCompletedSuccessfully);
                open.Add(SendAsync(batch, ct));
                await batch.NearlyDone;
                if (OthersWait || !batch.GoesOn)
                    break;
            }
        }
        finally
        {
            await Task.WhenAll(open);
        }
        return open.Count > 0;
    }

    private async Task<DeliveryBatch?> ClaimAsync(Guid tenantId, Guid campaignId, CancellationToken ct)
    {
        var campaign = await campaigns.GetAsync(tenantId, campaignId, ct);
        await using var transaction = await database.BeginAsync(tenantId, ct);
        var now = clock.GetCurrentInstant();
        var (relays, warmUp) = await RelaysAsync(transaction, now);
        var hold = new LeaseHold(new Lease(Guid.CreateVersion7(), node.Id, settings.LeaseSeconds), Stopwatch.GetTimestamp());
        var claimed = relays.Count == 0 ? [] : await ClaimAsync(transaction, campaignId, hold.Lease, lanes.CrowdedDomains(relays), now);
        if (claimed.Count == 0)
        {
            await GiveBackAsync(transaction, warmUp);
            await transaction.CommitAsync();
            return null;
        }
        var signer = await signers.OfAsync(transaction, campaign.Content.FromEmail);
        var regions = await RelayRegionStore.FindAsync(transaction);
        await transaction.CommitAsync();
        var means = new SendingMeans(campaign, signer, relays, regions, warmUp, SendingMeans.KeyOf(keys, tenantId), publicUrl.Value);
        return new DeliveryBatch(means, hold, claimed);
    }

    /// <summary>Claims until something is found of mail domains that have room; the others go back and wait until theirs has.</summary>
    private static async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(
        TenantTransaction transaction, Guid campaignId, Lease lease, IReadOnlyCollection<string> crowdedDomains, Instant now)
    {
        while (true)
        {
            var claimed = await LeaseStore.ClaimAsync(transaction, campaignId, lease, BatchSize, crowdedDomains, now);
            var crowded = claimed.Where(d => crowdedDomains.Contains(d.MailDomain)).Select(d => d.DeliveryId).ToHashSet();
            if (crowded.Count == 0)
                return claimed;
            await LeaseStore.ReleaseAsync(transaction, lease, crowded, now);
            if (crowded.Count < claimed.Count)
                return [.. claimed.Where(d => !crowded.Contains(d.DeliveryId))];
            await LeaseStore.EndAsync(transaction, lease);
        }
    }

    /// <summary>The relays that may be used now, by this node, and how many messages those in warm-up may take today.</summary>
    private async Task<(IReadOnlyList<Relay>, WarmUpAllowance)> RelaysAsync(TenantTransaction transaction, Instant now)
    {
        var usable = new List<Relay>();
        var taken = new Dictionary<Guid, int>();
        foreach (var relay in await RelayStore.ListUsableAsync(transaction, keys))
        {
            if (rest.IsResting(relay.RelayId) || !await shares.UseAsync(transaction, relay))
                continue;
            if (relay.WarmUp.Length > 0)
                taken[relay.RelayId] = await RelayDayStore.TakeAsync(transaction, relay.RelayId, BatchSize, now);
            if (taken.GetValueOrDefault(relay.RelayId, 1) > 0)
                usable.Add(relay);
        }
        return (usable, new WarmUpAllowance(taken, now));
    }

    private async Task SendAsync(DeliveryBatch batch, CancellationToken ct)
    {
        await using var stopping = ct.Register(batch.Stop);
        using var stopBeating = new CancellationTokenSource();
        var beating = BeatAsync(batch, stopBeating.Token);
        foreach (var delivery in batch.Deliveries)
            lanes.Enqueue(new QueuedDelivery(batch, delivery));
        await batch.Done;
        await stopBeating.CancelAsync();
        await beating;
        await GiveBackAsync(batch);
    }

    private async Task BeatAsync(DeliveryBatch batch, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(settings.LeaseSeconds / 4.0));
        while (await timer.WaitForNextTickAsync(ct).AsTask().ContinueWith(tick => tick.IsCompletedSuccessfully, TaskScheduler.Default))
        {
            try
            {
                var since = Stopwatch.GetTimestamp();
                var isOurs = false;
                await InTransactionAsync(batch, async transaction => isOurs = await LeaseStore.HeartbeatAsync(transaction, batch.Hold.Lease));
                if (isOurs)
                    batch.Hold.Renewed(since);
            }
            catch (Npgsql.NpgsqlException fault)
            {
                // Without a beat the lease runs out: nothing more of it begins here, and every write is fenced by its token.
                LogNoBeat(batch.Campaign.CampaignId, fault.Message);
            }
        }
    }

    /// <summary>What was claimed and not begun is due again at once; where that can't be written, when its lease runs out.</summary>
    private async Task GiveBackAsync(DeliveryBatch batch)
    {
        try
        {
            await InTransactionAsync(batch, async transaction =>
            {
                var now = clock.GetCurrentInstant();
                await LeaseStore.ReleaseAsync(transaction, batch.Hold.Lease, batch.NotBegun, now);
                if (!batch.IsAbandoned)
                    await LeaseStore.EndAsync(transaction, batch.Hold.Lease);
                await GiveBackAsync(transaction, batch.Means.WarmUp);
            });
        }
        catch (Npgsql.NpgsqlException fault)
        {
            LogNotGivenBack(batch.Campaign.CampaignId, fault.Message);
        }
    }

    private static async Task GiveBackAsync(TenantTransaction transaction, WarmUpAllowance warmUp)
    {
        foreach (var (relayId, unused) in warmUp.Unused)
            await RelayDayStore.GiveBackAsync(transaction, relayId, unused, warmUp.TakenAt);
    }

    private async Task InTransactionAsync(DeliveryBatch batch, Func<TenantTransaction, Task> write)
    {
        await using var transaction = await database.BeginAsync(batch.TenantId, CancellationToken.None);
        await write(transaction);
        await transaction.CommitAsync();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A lease on deliveries of campaign {CampaignId} can't be renewed: {Reason}")]
    private partial void LogNoBeat(Guid campaignId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deliveries of campaign {CampaignId} that were not begun can't be given back and wait for their lease to run out: {Reason}")]
    private partial void LogNotGivenBack(Guid campaignId, string reason);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}
