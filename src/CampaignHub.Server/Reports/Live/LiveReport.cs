using System.Text.Json;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;

namespace CampaignHub.Server.Reports.Live;

/// <summary>A report that is watched, as it was last read.</summary>
internal sealed class LiveReport : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private TaskCompletionSource _changed = NewSource();
    private LiveState? _state;

    public LiveReport() => Ended = _ended.Token;

    /// <summary>Counted under the lock of <see cref="LiveReports"/>.</summary>
    public int Watchers { get; set; }

    /// <summary>Set once nobody watches any more.</summary>
    public CancellationToken Ended { get; }

    /// <summary>What was last read, and what completes once there is something else. Null before the first reading.</summary>
    public (LiveState? State, Task Changed) Current
    {
        get
        {
            var changed = Volatile.Read(ref _changed).Task; // Taken first, so that no change is missed between the two.
            return (Volatile.Read(ref _state), changed);
        }
    }

    /// <summary>Wakes the watchers if any number has changed.</summary>
    public void Show(Report report)
    {
        var id = PolledAnswer.VersionOf(report.AtRest);
        if (id == _state?.Id)
            return;
        Volatile.Write(ref _state, new LiveState(id, JsonSerializer.SerializeToUtf8Bytes(report, ApiJson.Options)));
        Interlocked.Exchange(ref _changed, NewSource()).TrySetResult();
    }

    /// <summary>Nobody watches any more.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A report in bytes.</summary>
/// <param name="Id">Of its numbers: the same on every node and after every restart, so that a watcher can resume anywhere.</param>
/// <param name="Json">The report.</param>
internal sealed record LiveState(string Id, byte[] Json);

/// <summary>One watcher of a report.</summary>
internal sealed class LiveWatch(LiveReport report, Action leave) : IDisposable
{
    private int _left;

    public (LiveState? State, Task Changed) Current => report.Current;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
            leave();
    }
}
