using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Platform.Jobs;

/// <summary>A named turn that only one node has at a time; given back when disposed, or with the connection that holds it.</summary>
internal sealed class SweepLock : IAsyncDisposable
{
    private readonly TenantTransaction _transaction;

    private SweepLock(TenantTransaction transaction) => _transaction = transaction;

    public static async Task<SweepLock?> TryTakeAsync(Database.Database database, string name, CancellationToken ct)
    {
        var transaction = await database.BeginAsync([], ct);
        // Idle while the turn's work is done on other connections; a holder that sleeps loses its turn in the end.
        await transaction.ExecuteAsync("SET LOCAL idle_in_transaction_session_timeout = '15min'");
        if (await transaction.TryTakeTurnAsync($"turn {name}"))
            return new SweepLock(transaction);
        await transaction.DisposeAsync();
        return null;
    }

    public ValueTask DisposeAsync() => _transaction.DisposeAsync();
}
