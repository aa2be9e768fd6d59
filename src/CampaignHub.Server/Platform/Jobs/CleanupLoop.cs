using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Platform.Jobs;

/// <summary>Work that is soon enough every ten minutes, and from the start on: forgetting what has been kept for long enough.</summary>
public abstract class CleanupLoop(Database.Database database, WorkSignal signal, WorkerHealth health, ILogger log) : WorkLoop(signal, health, log)
{
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(10);
    private long _lastAt = -(long)s_every.TotalMilliseconds;

    /// <summary>Forgets a bounded number; true if there may be more.</summary>
    protected abstract Task<bool> ForgetAsync(CancellationToken ct);

    protected sealed override async Task<bool> WorkAsync(CancellationToken ct)
    {
        if (Environment.TickCount64 - _lastAt < s_every.TotalMilliseconds)
            return false;
        var more = await ForgetAsync(ct);
        if (!more)
            _lastAt = Environment.TickCount64;
        return more;
    }

    /// <summary>Forgets what belongs to no tenant; true if there may be more.</summary>
    protected async Task<bool> ForgetAsync(Func<TenantTransaction, Task<bool>> forget, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync([], ct);
        var more = await forget(transaction);
        await transaction.CommitAsync();
        return more;
    }

    /// <summary>Forgets tenant by tenant, each in a transaction of its own; true if there may be more of any.</summary>
    /// <param name="tenantsWithOld">The call of the lookup function that names the tenants.</param>
    /// <param name="parameters">What it takes.</param>
    /// <param name="forget">Forgets a bounded number of one tenant's; true if there may be more.</param>
    /// <param name="ct">Ends it.</param>
    protected async Task<bool> ForgetByTenantAsync(string tenantsWithOld, object? parameters, Func<TenantTransaction, Task<bool>> forget, CancellationToken ct)
    {
        var more = false;
        foreach (var tenantId in await database.LookUpAsync<Guid>($"SELECT {tenantsWithOld}", parameters, ct))
        {
            await using var transaction = await database.BeginAsync(tenantId, ct);
            more |= await forget(transaction);
            await transaction.CommitAsync();
        }
        return more;
    }
}
