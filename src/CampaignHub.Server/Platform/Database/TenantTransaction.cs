using System.Data.Common;
using Dapper;
using Npgsql;

namespace CampaignHub.Server.Platform.Database;

/// <summary>
/// A transaction that sees the tenants it was opened for. Not committed means rolled back.
/// Stores take one as their first argument, so that several of them share a commit.
/// </summary>
public sealed class TenantTransaction : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;
    private readonly HashSet<Guid> _tenantIds;
    private bool _disposed;
    private bool _namesTenants;

    internal TenantTransaction(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IEnumerable<Guid> tenantIds, CancellationToken cancellation)
    {
        Connection = connection;
        _transaction = transaction;
        _tenantIds = [.. tenantIds];
        Cancellation = cancellation;
    }

    public NpgsqlConnection Connection { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>The tenant of a transaction that was opened for one.</summary>
    public Guid TenantId => _tenantIds.Single();

    /// <summary>
    /// The same transaction as a store for one of its tenants takes it. Commit and dispose of the whole, not of this.
    /// </summary>
    public TenantTransaction For(Guid tenantId) =>
        _tenantIds.Contains(tenantId)
            ? new TenantTransaction(Connection, _transaction, [tenantId], Cancellation) { _disposed = true, _namesTenants = true }
            : throw new InvalidOperationException($"The transaction was not opened for tenant {tenantId}.");

    /// <summary>Lets this transaction see one more tenant: for the operator, who makes and reads them.</summary>
    public Task SeeAsync(params IEnumerable<Guid> more)
    {
        _tenantIds.UnionWith(more);
        return ApplyTenantsAsync();
    }

    public Task<int> ExecuteAsync(string sql, object? parameters = null) =>
        Connection.ExecuteAsync(Command(sql, parameters));

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        (await Connection.QueryAsync<T>(Command(sql, parameters))).AsList();

    /// <summary>Reads rows of two halves, the second of which begins at a column.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<TFirst, TSecond, T>(
        string sql, Func<TFirst, TSecond, T> join, string secondBegins, object? parameters = null) =>
        (await Connection.QueryAsync(Command(sql, parameters), join, secondBegins)).AsList();

    public Task<T?> QueryFirstOrDefaultAsync<T>(string sql, object? parameters = null) =>
        Connection.QueryFirstOrDefaultAsync<T>(Command(sql, parameters));

    public Task<T> QuerySingleAsync<T>(string sql, object? parameters = null) =>
        Connection.QuerySingleAsync<T>(Command(sql, parameters));

    /// <summary>Waits for a turn that one transaction at a time has, on whichever node, and keeps it until the end.</summary>
    /// <param name="turn">A word for what is done, and of what: <c>fold</c> and the tenant's id.</param>
    public Task TakeTurnAsync(string turn) => ExecuteAsync("SELECT pg_advisory_xact_lock(hashtextextended(@turn, 0))", new { turn });

    /// <summary>The same without waiting: false where another has it.</summary>
    /// <param name="turn">As above.</param>
    public Task<bool> TryTakeTurnAsync(string turn) => QuerySingleAsync<bool>("SELECT pg_try_advisory_xact_lock(hashtextextended(@turn, 0))", new { turn });

    /// <summary>Statements that are sent together. The first of a hot transaction names its tenants on the way.</summary>
    public StatementBatch Batch()
    {
        var batch = new StatementBatch(new NpgsqlBatch(Connection, _transaction), Cancellation);
        if (!_namesTenants)
            batch.Add(NameTenants, _ => 0, ("tenants", _tenantIds.ToArray()));
        _namesTenants = true;
        return batch;
    }

    /// <summary>Reads rows one by one, for as long as it takes: for more of them than can be held.</summary>
    public Task<DbDataReader> ReadAsync(string sql, object? parameters = null) => Connection.ExecuteReaderAsync(
        new CommandDefinition(sql, parameters, _transaction, commandTimeout: 0, cancellationToken: Cancellation));

    /// <summary>The same as values, one after the other: nothing else can be asked of the transaction before the last.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(string sql, object? parameters = null)
    {
        await using var rows = await ReadAsync(sql, parameters);
        var parse = rows.GetRowParser<T>();
        while (await rows.ReadAsync(Cancellation))
            yield return parse(rows);
    }

    /// <summary>The same of rows of two halves, the second of which begins at a column.</summary>
    public async IAsyncEnumerable<T> StreamAsync<TFirst, TSecond, T>(
        string sql, Func<TFirst, TSecond, T> join, string secondBegins, object? parameters = null)
    {
        await using var rows = await ReadAsync(sql, parameters);
        var second = rows.GetOrdinal(secondBegins);
        var (parseFirst, parseSecond) = (rows.GetRowParser<TFirst>(length: second), rows.GetRowParser<TSecond>(startIndex: second));
        while (await rows.ReadAsync(Cancellation))
            yield return join(parseFirst(rows), parseSecond(rows));
    }

    public Task CommitAsync() => _transaction.CommitAsync(Cancellation);

    /// <summary>Gives the connection back; once more does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        // Npgsql gives the same transaction object to the connection's next user: disposed again, it would end theirs.
        if (_disposed)
            return;
        _disposed = true;
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }

    internal Task ApplyTenantsAsync()
    {
        _namesTenants = true;
        return ExecuteAsync(NameTenants, new { tenants = _tenantIds.ToArray() });
    }

    internal const string NameTenants = "SELECT set_config('campaignhub.tenants', @tenants::uuid[]::text, true)";

    private CommandDefinition Command(string sql, object? parameters) =>
        new(sql, parameters, _transaction, cancellationToken: Cancellation);
}
