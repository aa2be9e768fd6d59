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
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseNodaTime();
        _source = builder.Build();
    }

    /// <summary>Opens a transaction that sees one tenant.</summary>
    public Task<TenantTransaction> BeginAsync(Guid tenantId, CancellationToken ct) => BeginAsync([tenantId], ct);

    /// <summary>Opens a transaction that sees exactly these tenants; with none it can only call the lookup functions.</summary>
    public async Task<TenantTransaction> BeginAsync(IReadOnlyCollection<Guid> tenantIds, CancellationToken ct)
    {
        var connection = await _source.OpenConnectionAsync(ct);
        try
        {
            var transaction = new TenantTransaction(connection, await connection.BeginTransactionAsync(ct), tenantIds, ct);
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

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
