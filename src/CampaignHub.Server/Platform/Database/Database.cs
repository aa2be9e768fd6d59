using System.Data;
using Dapper;
using NodaTime;
using Npgsql;

namespace CampaignHub.Server.Platform.Database;

/// <summary>
/// The one way to PostgreSQL. Every connection works as <c>campaignhub_service</c>, which row-level security binds:
/// a transaction sees the tenants that it names and nothing else.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    public const string ServiceRole = "campaignhub_service";

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _hot;
    private readonly NpgsqlDataSource _prepared;

    public Database(string connectionString)
    {
        DapperTypes.Register();
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "campaignhub",
            SearchPath = "campaignhub",
            // A process that sleeps in the middle of a transaction would hold its locks for as long as it sleeps.
            Options = $"-c role={ServiceRole} -c idle_in_transaction_session_timeout=60s",
            MaxPoolSize = 60,
        };
        _source = Build(settings);
        // What is set in a transaction ends with it, so there is nothing to reset, and statements stay prepared. With one plan
        // for all their parameters: they find rows by key, and planning them anew took longer than running them.
        _hot = Build(Prepared(settings, connections: 8));
        _prepared = Build(Prepared(settings, connections: 16));
    }

    private static NpgsqlConnectionStringBuilder Prepared(NpgsqlConnectionStringBuilder settings, int connections) => new(settings.ConnectionString)
    {
        Options = settings.Options + " -c plan_cache_mode=force_generic_plan",
        MaxPoolSize = connections,
        MaxAutoPrepare = 100,
        AutoPrepareMinUsages = 2,
        NoResetOnClose = true,
    };

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseNodaTime();
        return builder.Build();
    }

    /// <summary>Opens a transaction that sees one tenant.</summary>
    public Task<TenantTransaction> BeginAsync(Guid tenantId, CancellationToken ct) => BeginAsync([tenantId], ct);

    /// <summary>Opens a transaction that sees exactly these tenants; with none it can only call the lookup functions.</summary>
    public Task<TenantTransaction> BeginAsync(IReadOnlyCollection<Guid> tenantIds, CancellationToken ct) => BeginAsync(_source, tenantIds, isHot: false, ct);

    /// <summary>
    /// The same on a connection whose statements are prepared: for the few that run for every message or hit, which PostgreSQL
    /// would else plan anew each time, for longer than they run. Begin with a batch: it names the tenants on its way.
    /// </summary>
    public Task<TenantTransaction> BeginHotAsync(IReadOnlyCollection<Guid> tenantIds, CancellationToken ct) => BeginAsync(_hot, tenantIds, isHot: true, ct);

    /// <summary>
    /// Runs statements for these tenants as a transaction of their own, in a single round trip: they are committed when this
    /// returns. For what is written so often that asking for the commit costs as much as the work.
    /// </summary>
    public async Task RunHotAsync(IReadOnlyCollection<Guid> tenantIds, Action<StatementBatch> fill, CancellationToken ct)
    {
        await using var connection = await _hot.OpenConnectionAsync(ct);
        // What is sent before one Sync is one transaction, which that commits.
        await using var npgsql = new NpgsqlBatch(connection);
        var batch = new StatementBatch(npgsql, ct);
        batch.Add(TenantTransaction.NameTenants, _ => 0, ("tenants", tenantIds.ToArray()));
        fill(batch);
        await batch.RunAsync();
    }

    /// <summary>The same for one statement.</summary>
    public Task ExecuteHotAsync(
        IReadOnlyCollection<Guid> tenantIds, string sql, CancellationToken ct, params (string Name, object Value)[] parameters) =>
        RunHotAsync(tenantIds, batch => batch.Add(sql, parameters), ct);

    /// <summary>
    /// The same for what is asked or done again and again: prepared too, on connections that no message waits for. To plan
    /// a report's statements anew, over every month of the log, took ten times as long as running them.
    /// </summary>
    public Task<TenantTransaction> BeginPreparedAsync(Guid tenantId, CancellationToken ct) => BeginAsync(_prepared, [tenantId], isHot: false, ct);

    /// <summary>A transaction that sees one tenant as it is at this moment, whatever happens beside it.</summary>
    public Task<TenantTransaction> BeginSnapshotAsync(Guid tenantId, CancellationToken ct) =>
        BeginAsync(_source, [tenantId], isHot: false, ct, IsolationLevel.RepeatableRead);

    private static async Task<TenantTransaction> BeginAsync(
        NpgsqlDataSource source, IReadOnlyCollection<Guid> tenantIds, bool isHot, CancellationToken ct,
        IsolationLevel isolation = IsolationLevel.ReadCommitted)
    {
        var connection = await source.OpenConnectionAsync(ct);
        try
        {
            var transaction = new TenantTransaction(connection, await connection.BeginTransactionAsync(isolation, ct), tenantIds, ct);
            if (!isHot)
                await transaction.ApplyTenantsAsync();
            return transaction;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls one of the lookup functions, which may be asked before a tenant is known.</summary>
    public async Task<IReadOnlyList<T>> LookUpAsync<T>(string sql, object? parameters, CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: ct))).AsList();
    }

    /// <summary>A bare connection, for COPY into staging and for session locks.</summary>
    public ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken ct) => _source.OpenConnectionAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await _hot.DisposeAsync();
        await _prepared.DisposeAsync();
        await _source.DisposeAsync();
    }
}
