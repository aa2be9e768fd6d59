namespace CampaignHub.Server.Platform.Jobs;

/// <summary>What there may be more of, for whom it wakes.</summary>
public enum WorkKind
{
    /// <summary>What comes by the clock alone: only a step of business time wakes it.</summary>
    OfTheClock,
    Imports,
    ShopMessages,
    ShopSyncs,
    ProviderEvents,
    Confirmations,
    Deliveries,
    Reclassifications,
    NumberedEvents,
    WebhookCalls,
}

/// <summary>
/// Wakes loops of this process early, those alone that look for this kind of work: to have all of them look whenever a shop posted
/// kept the database busier than the shop's messages did. A lost or needless signal costs nothing: what is due stands in PostgreSQL,
/// and every loop looks for itself once a second.
/// </summary>
public sealed class WorkSignal
{
    private readonly TaskCompletionSource[] _next = [.. Enum.GetValues<WorkKind>().Select(_ => NewSource())];

    public void Wake(WorkKind kind) => Interlocked.Exchange(ref _next[(int)kind], NewSource()).TrySetResult();

    /// <summary>Business time was stepped, so that anything may be due.</summary>
    public void WakeAll()
    {
        foreach (var kind in Enum.GetValues<WorkKind>())
            Wake(kind);
    }

    /// <summary>Ends when woken for this kind. Take the task before looking for work, so that no wake is missed.</summary>
    public Task NextAsync(WorkKind kind) => Volatile.Read(ref _next[(int)kind]).Task;

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
