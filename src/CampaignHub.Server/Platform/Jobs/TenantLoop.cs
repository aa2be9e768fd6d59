using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Platform.Jobs;

/// <summary>Work that is done tenant by tenant, for each that has any, in a transaction of its own.</summary>
/// <param name="database">Where it is found.</param>
/// <param name="tenantsWithWork">The lookup function that names those tenants.</param>
/// <param name="signal">Wakes the loop.</param>
/// <param name="health">Told of each round.</param>
/// <param name="log">Told of faults.</param>
public abstract class TenantLoop(Database.Database database, string tenantsWithWork, WorkSignal signal, WorkerHealth health, ILogger log)
    : WorkLoop(signal, health, log)
{
    /// <summary>Does a bounded piece of one tenant's work; true if there may be more at once.</summary>
    protected abstract Task<bool> WorkAsync(TenantTransaction transaction);

    protected sealed override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var more = false;
        foreach (var tenantId in await database.LookUpAsync<Guid>($"SELECT {tenantsWithWork}()", null, ct))
        {
            using var trace = Traces.Begin(GetType().Name, tenantId);
            await using var transaction = await database.BeginAsync(tenantId, ct);
            more |= await WorkAsync(transaction);
            await transaction.CommitAsync();
        }
        return more;
    }
}
