using System.Threading.Channels;
using CampaignHub.Server.Platform.Database;
using Npgsql;

namespace CampaignHub.Server.Tracking;

/// <summary>
/// Stores hits before they are answered. While one batch is being committed the next one gathers, so that a commit is
/// shared by as many requests as came meanwhile, and a lone one waits for nobody.
/// </summary>
internal sealed partial class HitIngest(Database database, TrackingMetrics metrics, ILogger<HitIngest> log) : BackgroundService
{
    private const int Admitted = 10_000;
    private const int BatchSize = 1_000;
    private const int Writers = 2;

    /// <summary>How long a batch may take, and how long a hit may wait for its batch: an answer comes within twice this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Channel<WaitingHit> waiting = Channel.CreateBounded<WaitingHit>(Admitted);
    private volatile bool isFailing;

    /// <summary>True once the hit is stored for good; false when it can't be, which is counted.</summary>
    public async Task<bool> StoreAsync(ReceivedHit hit)
    {
        var entry = new WaitingHit(hit);
        var isStored = waiting.Writer.TryWrite(entry) && await entry.Outcome;
        if (!isStored)
            metrics.NotStored(hit.Kind);
        return isStored;
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
        while (await waiting.Reader.WaitToReadAsync())
        {
            var batch = TakeBatch();
            if (batch.Count == 0)
                continue;
            var isStored = await TryStoreAsync([.. batch.Select(entry => entry.Hit)]);
            batch.ForEach(entry => entry.Complete(isStored));
        }
    }

    private List<WaitingHit> TakeBatch()
    {
        var batch = new List<WaitingHit>();
        while (batch.Count < BatchSize && waiting.Reader.TryRead(out var entry))
        {
            if (entry.HasWaitedFor(Patience))
                entry.Complete(false);
            else
                batch.Add(entry);
        }
        return batch;
    }

    private async Task<bool> TryStoreAsync(ReceivedHit[] hits)
    {
        using var limit = new CancellationTokenSource(Patience);
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                await StoreAsync(hits, limit.Token);
                if (isFailing)
                    LogRecovered();
                isFailing = false;
                metrics.Stored(hits.Length);
                return true;
            }
            catch (NpgsqlException fault) when (isFirst && fault.IsPassing())
            {
                // A pooled connection that the server has closed meanwhile. Hits have their ids: once more is not twice.
            }
            catch (Exception fault)
            {
                if (!isFailing)
                    LogFault(fault, hits.Length);
                isFailing = true;
                return false;
            }
        }
    }

    private async Task StoreAsync(ReceivedHit[] hits, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync([.. hits.Select(hit => hit.TenantId).Distinct()], ct);
        await HitStore.InsertAsync(transaction, hits);
        await transaction.CommitAsync();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Hits} hits could not be stored; the next failures are counted, not logged")]
    private partial void LogFault(Exception fault, int hits);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Hits are stored again")]
    private partial void LogRecovered();

    /// <summary>A hit whose request waits for its answer.</summary>
    private sealed class WaitingHit(ReceivedHit hit)
    {
        private readonly TaskCompletionSource<bool> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly long since = Environment.TickCount64;

        public ReceivedHit Hit { get; } = hit;

        public Task<bool> Outcome => outcome.Task;

        public void Complete(bool isStored) => outcome.SetResult(isStored);

        public bool HasWaitedFor(TimeSpan patience) => Environment.TickCount64 - since > patience.TotalMilliseconds;
    }
}
