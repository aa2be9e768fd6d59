using System.Threading.Channels;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Tracking.Spool;
using Npgsql;

namespace CampaignHub.Server.Tracking;

/// <summary>
/// Stores hits before they are answered. While one batch is being committed the next one gathers, so that a commit is
/// shared by as many requests as came meanwhile, and a lone one waits for nobody. A batch that PostgreSQL doesn't take soon
/// is synced to the spool instead; where it is in both, the hits' ids make it one.
/// </summary>
internal sealed class HitIngest(Database database, DatabaseReach reach, HitSpool spool, Settings settings, TrackingMetrics metrics) : BackgroundService
{
    private const int BatchSize = 1_000;
    private const int Writers = 2;

    /// <summary>How long requests wait for a commit before their hits go to the spool: a click is to be answered within 100 ms.</summary>
    private static readonly TimeSpan Haste = TimeSpan.FromMilliseconds(60);

    /// <summary>How long a commit may take before PostgreSQL counts as away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Channel<WaitingHit> waiting = Channel.CreateBounded<WaitingHit>(settings.Tracking.QueuedHits);

    /// <summary>True once the hit is stored for good. False where it can't be, which is counted; at once where too many wait.</summary>
    public async ValueTask<bool> StoreAsync(ReceivedHit hit)
    {
        var entry = new WaitingHit(hit);
        var isAdmitted = waiting.Writer.TryWrite(entry);
        if (isAdmitted && await entry.Outcome)
            return true;
        metrics.Dropped(hit.Kind, isAdmitted ? "spool_full" : "queue_full");
        return false;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        spool.Open();
        return base.StartAsync(cancellationToken);
    }

    /// <summary>What has been admitted is still stored; what comes later is not.</summary>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        waiting.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync, CancellationToken.None)));

    private async Task WriteAsync()
    {
        var attempt = Task.FromResult(true);
        while (await waiting.Reader.WaitToReadAsync())
        {
            var batch = TakeBatch();
            if (batch.Count == 0)
                continue;
            ReceivedHit[] hits = [.. batch.Select(entry => entry.Hit)];
            // Where the last attempt is still under way, another would only wait with it.
            var isTried = !reach.IsAway && attempt.IsCompleted;
            if (isTried)
                attempt = TryStoreAsync(hits);
            var isStored = isTried ? await IsKeptAsync(hits, attempt) : await SpoolAsync(hits);
            if (isStored)
                metrics.Stored(hits.Length);
            batch.ForEach(entry => entry.Complete(isStored));
        }
        await attempt;
    }

    private List<WaitingHit> TakeBatch()
    {
        var batch = new List<WaitingHit>();
        while (batch.Count < BatchSize && waiting.Reader.TryRead(out var entry))
            batch.Add(entry);
        return batch;
    }

    private async Task<bool> IsKeptAsync(ReceivedHit[] hits, Task<bool> attempt)
    {
        await ((Task)attempt).WaitAsync(Haste).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return attempt.IsCompleted && await attempt || await SpoolAsync(hits) || await attempt;
    }

    /// <summary>A sync blocks its thread: on one of the pool's few, it would keep others from being answered.</summary>
    private Task<bool> SpoolAsync(ReceivedHit[] hits) =>
        Task.Factory.StartNew(() => spool.TryAppend(hits), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private async Task<bool> TryStoreAsync(ReceivedHit[] hits)
    {
        using var limit = new CancellationTokenSource(Patience);
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                await HitStore.InsertAsync(database, hits, limit.Token);
                return true;
            }
            catch (NpgsqlException fault) when (isFirst && fault.IsPassing())
            {
                // A pooled connection that the server has closed meanwhile. Hits have their ids: once more is not twice.
            }
            catch (PostgresException fault) when (fault.IsOfData())
            {
                // One of them can't be stored. Which, is found where they are folded in.
                return false;
            }
            catch (Exception fault)
            {
                reach.Lost(fault);
                return false;
            }
        }
    }

    /// <summary>A hit whose request waits for its answer.</summary>
    private sealed class WaitingHit(ReceivedHit hit)
    {
        private readonly TaskCompletionSource<bool> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ReceivedHit Hit { get; } = hit;

        public Task<bool> Outcome => outcome.Task;

        public void Complete(bool isStored) => outcome.SetResult(isStored);
    }
}
