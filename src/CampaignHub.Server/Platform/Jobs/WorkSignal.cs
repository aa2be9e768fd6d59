namespace CampaignHub.Server.Platform.Jobs;

/// <summary>
/// Wakes loops of this process early. A lost or needless signal costs nothing: what is due stands in PostgreSQL,
/// and every loop looks for itself once a second.
/// </summary>
public sealed class WorkSignal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Wake() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Returns when woken or when the time is up. Take the task before looking for work, so that no wake is missed.</summary>
    public Task NextAsync() => Volatile.Read(ref _next).Task;
}
