using System.Collections.Concurrent;

namespace CampaignHub.Server.Platform.Jobs;

/// <summary>
/// Work that is found in PostgreSQL again and again: done until nothing is left, then looked for once a second or when
/// signalled. A fault is logged and the loop goes on, ever slower up to 10 s: the next look finds the same work.
/// </summary>
public abstract partial class WorkLoop(WorkSignal signal, WorkerHealth health, ILogger log) : BackgroundService
{
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);

    protected WorkSignal Signal { get; } = signal;

    /// <summary>How often to look when nobody signals.</summary>
    protected virtual TimeSpan LookEvery => TimeSpan.FromSeconds(1);

    /// <summary>For which kind of work it is woken.</summary>
    protected virtual WorkKind Heeds => WorkKind.OfTheClock;

    /// <summary>Does a bounded piece of work; true if there may be more at once.</summary>
    protected abstract Task<bool> WorkAsync(CancellationToken ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var faults = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var woken = Signal.NextAsync(Heeds);
            try
            {
                var more = await WorkAsync(stoppingToken);
                faults = 0;
                health.Beat(GetType().Name);
                if (!more)
                    await Task.WhenAny(woken, Task.Delay(LookEvery, stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (SealedSecretException lost)
            {
                LogLost(GetType().Name, lost.Message);
                await PauseAsync(++faults, stoppingToken);
            }
            catch (Exception fault)
            {
                LogFault(fault, GetType().Name);
                await PauseAsync(++faults, stoppingToken);
            }
        }
    }

    private static async Task PauseAsync(int faults, CancellationToken ct) =>
        await Task.Delay(TimeSpan.FromSeconds(Math.Min(LongestBackoff.TotalSeconds, 0.2 * Math.Pow(2, faults))), ct)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Loop} failed and will try again: {Reason}")]
    private partial void LogLost(string loop, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Loop} failed and will try again")]
    private partial void LogFault(Exception fault, string loop);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}

/// <summary>When each loop of this process last finished a round: health is read from it.</summary>
public sealed class WorkerHealth
{
    private readonly ConcurrentDictionary<string, long> _beats = new();
    private readonly ConcurrentDictionary<string, string> _ailments = new();

    public void Beat(string loop) => _beats[loop] = Environment.TickCount64;

    /// <summary>Loops that have not finished a round for a minute.</summary>
    public IReadOnlyList<string> Silent() =>
        [.. _beats.Where(b => Environment.TickCount64 - b.Value > 60_000).Select(b => b.Key).Order()];

    /// <summary>Something can't do its work now, and why, in a sentence.</summary>
    public void Ails(string what, string sentence) => _ailments[what] = sentence;

    public void Recovered(string what) => _ailments.TryRemove(what, out _);

    /// <summary>What can't do its work now.</summary>
    public IReadOnlyCollection<string> Ailments => [.. _ailments.Values];

    public bool HaveStarted => !_beats.IsEmpty;
}
