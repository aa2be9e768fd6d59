using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using Npgsql;

namespace CampaignHub.Server.Tracking.Spool;

/// <summary>
/// Folds the spool into the table, file by file and in order, and so finds out when PostgreSQL takes hits again. A file
/// is removed once all of it is committed: what a crash lets it fold again is known by its ids.
/// </summary>
internal sealed partial class SpoolFolder(
    HitSpool spool, Database database, DatabaseReach reach, TrackingMetrics metrics, ILogger<SpoolFolder> log) : BackgroundService
{
    private const int BatchSize = 1_000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RestAfterBadDisk = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (reach.IsAway || spool.Bytes > 0)
                    await FoldAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                LogFault(fault);
                await Task.Delay(RestAfterBadDisk, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception fault)
            {
                reach.Lost(fault);
            }
            await Task.Delay(LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FoldAsync(CancellationToken ct)
    {
        // No file is read before it is known that somebody takes it.
        if (reach.IsAway)
            await StoreAsync([], ct);
        while (spool.Oldest() is { } segment)
        {
            var hits = await ReadAsync(segment, ct);
            foreach (var batch in hits.Chunk(BatchSize))
            {
                await FoldAsync(segment, batch, ct);
                reach.Found();
            }
            spool.Remove(segment);
        }
        reach.Found();
    }

    /// <summary>The hits of a file, with their places; what else is in it is set aside, but for an end that was cut short.</summary>
    private async Task<List<PlacedHit>> ReadAsync(string segment, CancellationToken ct)
    {
        List<PlacedHit> hits = [];
        foreach (var piece in SpoolFrames.Read(await File.ReadAllBytesAsync(segment, ct)))
        {
            if (piece.Kind == SpoolPieceKind.Torn)
                spool.Cut(segment, piece.Offset);
            else if (piece.Kind == SpoolPieceKind.Record && SpooledHits.Read(piece.Bytes) is { } hit)
                hits.Add(new PlacedHit(hit, piece.Offset));
            else
                spool.SetAside(segment, piece.Offset, piece.Bytes, piece.Kind == SpoolPieceKind.Record ? "it holds no hit that this version knows" : "it is damaged");
        }
        return hits;
    }

    private async Task FoldAsync(string segment, PlacedHit[] batch, CancellationToken ct)
    {
        try
        {
            await StoreAsync([.. batch.Select(placed => placed.Hit)], ct);
            metrics.Folded(batch.Length);
        }
        catch (PostgresException fault) when (fault.IsOfData() && batch.Length > 1)
        {
            foreach (var placed in batch)
                await FoldAsync(segment, [placed], ct);
        }
        catch (PostgresException fault) when (fault.IsOfData())
        {
            spool.SetAside(segment, batch[0].Offset, SpooledHits.Write([batch[0].Hit]), $"PostgreSQL refuses it: {fault.SqlState} {fault.MessageText}");
        }
    }

    private async Task StoreAsync(ReceivedHit[] hits, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        await HitStore.InsertAsync(database, hits, limit.Token);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The spool of hits could not be read: it waits and is tried again")]
    private partial void LogFault(Exception fault);

    private sealed record PlacedHit(ReceivedHit Hit, int Offset);
}
