using System.Diagnostics;
using System.Threading.Channels;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// The one writer of this process's results and `sending` marks: gathers those of all connections and commits them
/// together, in the order in which they came, so that a durable row per message doesn't cost a commit per message. While
/// they can't be written they are kept and tried again, and no mark is answered: sending waits by itself.
/// </summary>
internal sealed partial class LedgerCommitter(
    LedgerWriter writer, CampaignBrake brake, SendingMetrics metrics, WorkerHealth health, IClock clock, ILogger<LedgerCommitter> log) : BackgroundService
{
    private const int MostAtOnce = 500;
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PatienceAtStop = TimeSpan.FromSeconds(20);

    // Unbounded, and yet small: a connection has at most a result and a mark in it.
    private readonly Channel<LedgerEntry> _entries = Channel.CreateUnbounded<LedgerEntry>(new() { SingleReader = true });

    /// <summary>Answers once the mark is committed, or can't be.</summary>
    public Task<Marked> MarkAsync(QueuedDelivery queued, SendingMark mark)
    {
        var entry = new LedgerEntry.Mark(queued, mark);
        if (!_entries.Writer.TryWrite(entry))
            entry.Answer(MarkVerdict.Unanswered);
        return entry.Answered;
    }

    /// <summary>Stores how an attempt ended; its batch is done with it when that is committed.</summary>
    /// <param name="queued">Whose attempt it was.</param>
    /// <param name="settlement">How it ended.</param>
    /// <param name="suppress">Whether the address doesn't exist.</param>
    /// <param name="judgement">What the mail domain made of the message; null where nobody judged it.</param>
    public void Settle(QueuedDelivery queued, Settlement settlement, bool suppress = false, Judgement? judgement = null)
    {
        var entry = new LedgerEntry.Result(queued, settlement, suppress, judgement);
        if (!_entries.Writer.TryWrite(entry))
            entry.GiveUp();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var closing = stoppingToken.Register(() => _entries.Writer.TryComplete());
        var entries = new List<LedgerEntry>(MostAtOnce);
        while (await _entries.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (entries.Count < MostAtOnce && _entries.Reader.TryRead(out var entry))
                entries.Add(entry);
            await CommitAsync(entries, stoppingToken);
            entries.Clear();
        }
    }

    private async Task CommitAsync(List<LedgerEntry> entries, CancellationToken stopping)
    {
        for (long? failingSince = null; ;)
        {
            try
            {
                await WriteAsync(entries);
                health.Recovered(nameof(LedgerCommitter));
                return;
            }
            catch (Npgsql.PostgresException fault) when (!fault.IsPassing() && entries.Count > 1)
            {
                // One of them can't be written: each by itself, so that it doesn't hold up the others.
                foreach (var entry in entries)
                    await CommitAsync([entry], stopping);
                return;
            }
            catch (Npgsql.NpgsqlException fault) when (fault.IsPassing() && !IsOver(failingSince, stopping))
            {
                foreach (var mark in entries.OfType<LedgerEntry.Mark>())
                    mark.MayStand = true;
                failingSince ??= Stopwatch.GetTimestamp();
                health.Ails(nameof(LedgerCommitter), $"Results can't be stored, and sending waits until they can: {fault.Message}");
                LogRetry(entries.Count, fault.Message);
                await Task.Delay(RetryEvery, CancellationToken.None);
            }
            catch (Exception fault)
            {
                // Left to the lease: what was marked becomes uncertain, which is the truth.
                LogGivenUp(fault, entries.Count);
                entries.ForEach(entry => entry.GiveUp());
                return;
            }
        }
    }

    private static bool IsOver(long? failingSince, CancellationToken stopping) =>
        stopping.IsCancellationRequested && failingSince is { } since && Stopwatch.GetElapsedTime(since) > PatienceAtStop;

    private async Task WriteAsync(List<LedgerEntry> entries)
    {
        using var trace = Traces.Begin("commit results and marks")?.SetTag("campaignhub.entries", entries.Count);
        var readAt = Stopwatch.GetTimestamp();
        var current = entries.Select(Current).OfType<LedgerEntry>().ToList();
        var (verdicts, windows) = await writer.WriteAsync(current);
        metrics.Committed(Stopwatch.GetElapsedTime(readAt), entries.Count);
        foreach (var entry in entries)
            entry.Committed(verdicts, readAt);
        brake.Look(current.OfType<LedgerEntry.Result>(), windows);
    }

    /// <summary>
    /// What is to be written of it now. A mark that waited until its lease was lost is no longer asked for; where it may have been
    /// committed, it is taken back before others take it for a message that may have been sent.
    /// </summary>
    private LedgerEntry? Current(LedgerEntry entry) => entry switch
    {
        LedgerEntry.Mark mark when !mark.Queued.Batch.Hold.IsHeld => mark.MayStand ? mark.TakenBack(clock.GetCurrentInstant()) : null,
        _ => entry,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} results and marks can't be stored yet and are kept: {Reason}")]
    private partial void LogRetry(int count, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} results and marks can't be stored")]
    private partial void LogGivenUp(Exception fault, int count);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}
