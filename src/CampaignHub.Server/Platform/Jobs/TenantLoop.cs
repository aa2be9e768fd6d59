using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Platform.Jobs;

/// <summary>
/// Work that is done tenant by tenant, for each that has any, in a transaction of its own. What is wrong with one tenant's work is told
/// once all others have had their turn.
/// </summary>
/// <param name="database">Where it is found.</param>
/// <param name="tenantsWithWork">The lookup function that names those tenants.</param>
/// <param name="signal">Wakes the loop.</param>
/// <param name="health">Told of each round.</param>
/// <param name="log">Told of faults.</param>
public abstract class TenantLoop(Database.Database database, string tenantsWithWork, WorkSignal signal, WorkerHealth health, ILogger log)
    : WorkLoop(signal, health, log)
{
    protected Database.Database Database { get; } = database;

    /// <summary>For how many tenants it works at the same time: more where somebody waits for a round's end, and each has little.</summary>
    protected virtual int AtOnce => 1;

    /// <summary>What a round makes more of; null: nothing that another loop waits for.</summary>
    protected virtual WorkKind? Wakes => null;

    /// <summary>Opens a tenant's transaction.</summary>
    protected virtual Task<TenantTransaction> BeginAsync(Guid tenantId, CancellationToken ct) => Database.BeginAsync(tenantId, ct);

    /// <summary>Does a bounded piece of one tenant's work; true if there may be more at once.</summary>
    protected abstract Task<bool> WorkAsync(TenantTransaction transaction);

    /// <summary>Tenants with work.</summary>
    protected virtual Task<IReadOnlyList<Guid>> TenantsAsync(CancellationToken ct) =>
        Database.LookUpAsync<Guid>($"SELECT {tenantsWithWork}()", null, ct);

    protected sealed override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var more = false;
        var faults = new ConcurrentQueue<Exception>();
        var tenants = await TenantsAsync(ct);
        await Parallel.ForEachAsync(tenants, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (tenantId, stop) =>
        {
            try
            {
                if (await WorkAsync(tenantId, stop))
                    Volatile.Write(ref more, true);
            }
            // A database that is away is everybody's fault, and ends the round.
            catch (Exception fault) when (fault is not OperationCanceledException && !fault.IsPassing())
            {
                faults.Enqueue(fault);
            }
        });
        if (tenants.Count > 0 && Wakes is { } kind)
            Signal.Wake(kind);
        if (faults.TryDequeue(out var first))
            ExceptionDispatchInfo.Throw(first);
        return more;
    }

    private async Task<bool> WorkAsync(Guid tenantId, CancellationToken stop)
    {
        using var trace = Traces.Begin(GetType().Name, tenantId);
        await using var transaction = await BeginAsync(tenantId, stop);
        var more = await WorkAsync(transaction);
        await transaction.CommitAsync();
        return more;
    }
}
