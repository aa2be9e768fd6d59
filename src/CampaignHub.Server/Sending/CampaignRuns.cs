using System.Diagnostics;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Sending;

/// <summary>
/// Works one campaign off: claims a batch, hands it to the lanes of its relays, and claims the next while the first is
/// still being sent, until nothing may be claimed now.
/// </summary>
internal sealed partial class CampaignRuns(
    Database database, BatchClaims claims, RelayLanes lanes, Settings settings, ILogger<CampaignRuns> log)
{
    /// <summary>Set while campaigns wait for a run: each then ends after its batch, so that all have their turn.</summary>
    public bool OthersWait { get; set; }

    /// <param name="tenantId">Whose it is.</param>
    /// <param name="campaignId">The campaign.</param>
    /// <param name="open">Gets the batches that were claimed; some may still be under way at the end of the run, for long where a mail domain is slow.</param>
    /// <param name="ct">Nothing more is claimed, and nothing more begun.</param>
    public async Task RunAsync(Guid tenantId, Guid campaignId, List<Task> open, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested && await claims.ClaimAsync(tenantId, campaignId, ct) is { } batch)
        {
            open.RemoveAll(sending => sending.IsCompletedSuccessfully);
            open.Add(SendAsync(batch, ct));
            await batch.NearlyDone;
            if (OthersWait || !batch.GoesOn)
                break;
        }
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
                await using var transaction = await database.BeginAsync(batch.TenantId, CancellationToken.None);
                var isOurs = await LeaseStore.HeartbeatAsync(transaction, batch.Hold.Lease);
                await transaction.CommitAsync();
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

    /// <summary>What was claimed and not begun goes back at once; where that can't be written, when its lease runs out.</summary>
    private async Task GiveBackAsync(DeliveryBatch batch)
    {
        try
        {
            await claims.GiveBackAsync(batch);
        }
        catch (Npgsql.NpgsqlException fault)
        {
            LogNotGivenBack(batch.Campaign.CampaignId, fault.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A lease on deliveries of campaign {CampaignId} can't be renewed: {Reason}")]
    private partial void LogNoBeat(Guid campaignId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deliveries of campaign {CampaignId} that were not begun can't be given back and wait for their lease to run out: {Reason}")]
    private partial void LogNotGivenBack(Guid campaignId, string reason);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}
