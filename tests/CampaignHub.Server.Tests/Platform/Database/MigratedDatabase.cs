using System.Text.RegularExpressions;
using CampaignHub.Server.Platform.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CampaignHub.Server.Tests.Platform.Database;

/// <summary>A migrated database with one row of each of two tenants in every guarded table, made from the catalogue alone.</summary>
public sealed class MigratedDatabase : IAsyncLifetime
{
    private NpgsqlDataSource _owner = null!;
    private NpgsqlDataSource _service = null!;

    public Guid First { get; } = Guid.CreateVersion7();

    public Guid Second { get; } = Guid.CreateVersion7();

    internal IReadOnlyList<GuardedTable> Tables { get; private set; } = [];

    public async Task InitializeAsync()
    {
        var connectionString = await TestCluster.NewDatabaseAsync();
        await new SchemaMigrator(connectionString, NullLogger.Instance).ApplyAsync(default);
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = "campaignhub" };
        _owner = NpgsqlDataSource.Create(settings.ConnectionString);
        settings.Options = "-c role=campaignhub_service";
        _service = NpgsqlDataSource.Create(settings.ConnectionString);
        await ReadAsync("SELECT 'x' FROM (SELECT ensure_monthly_partitions('events', now()), ensure_monthly_partitions('hits', now())) AS made");
        Tables = await ReadTablesAsync();
        await FillAsync();
    }

    public async Task DisposeAsync()
    {
        await _owner.DisposeAsync();
        await _service.DisposeAsync();
    }

    /// <summary>The first column of what the login that owns everything reads.</summary>
    internal async Task<IReadOnlyList<string>> ReadAsync(string sql, params object[] parameters)
    {
        await using var command = _owner.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }

    /// <summary>A transaction as the service has it, which sees this tenant, or none; never committed.</summary>
    internal async Task<ServiceTransaction> AsServiceAsync(Guid? tenant = null)
    {
        var connection = await _service.OpenConnectionAsync();
        var transaction = new ServiceTransaction(connection, await connection.BeginTransactionAsync());
        if (tenant is { } seen)
            await transaction.CountAsync($"SELECT 1 FROM set_config('campaignhub.tenants', '{{{seen}}}', true)");
        return transaction;
    }

    /// <summary>For each column that must be given: its table, name, type, and the words that it may be.</summary>
    private async Task<IReadOnlyList<GuardedTable>> ReadTablesAsync()
    {
        await using var command = _owner.CreateCommand("""
            SELECT c.relname, a.attname, format_type(a.atttypid, NULL),
                (SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum] LIMIT 1)
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relnamespace = 'campaignhub'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relrowsecurity
              AND a.attnum > 0 AND NOT a.attisdropped
              AND (a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
                OR (c.relname, a.attname) = ('hits', 'delivery_id')) -- none only once it is judged
            ORDER BY c.relname, a.attnum
            """);
        await using var reader = await command.ExecuteReaderAsync();
        List<(string Table, RequiredColumn Column)> columns = [];
        while (await reader.ReadAsync())
            columns.Add((reader.GetString(0), new RequiredColumn(reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3))));
        return [.. columns.GroupBy(c => c.Table).Select(t => new GuardedTable(t.Key, [.. t.Select(c => c.Column)]))];
    }

    /// <summary>Foreign keys are left out of it: what counts here is whose a row is.</summary>
    private async Task FillAsync()
    {
        await using var connection = await _owner.OpenConnectionAsync();
        foreach (var statement in Tables.SelectMany(t => new[] { t.InsertOf(First), t.InsertOf(Second) }).Prepend("SET session_replication_role = replica"))
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}

/// <summary>A table behind row-level security, and the columns that a row of it must give.</summary>
internal sealed record GuardedTable(string Name, IReadOnlyList<RequiredColumn> Columns)
{
    public string InsertOf(Guid tenant) =>
        $"INSERT INTO {Name} ({string.Join(", ", Columns.Select(c => c.Name))}) VALUES ({string.Join(", ", Columns.Select(c => c.Name == "tenant_id" ? $"'{tenant}'" : c.Value))})";
}

internal sealed partial record RequiredColumn(string Name, string Type, string? Check)
{
    /// <summary>Some value that the column takes: the first word of its check, or a plain one of its type.</summary>
    public string Value => Check is not null && Word().Match(Check) is { Success: true } word
        ? word.Value
        : Type switch
        {
            "uuid" => "gen_random_uuid()",
            "boolean" => "true",
            "numeric" => "1",
            "integer" or "bigint" or "smallint" => "1",
            "bytea" => "'\\x00'",
            "jsonb" or "uuid[]" => "'{}'",
            "text[]" => "'{}'",
            "integer[]" => "'{1}'",
            "date" => "'2026-11-27'",
            _ when Type.StartsWith("timestamp", StringComparison.Ordinal) => "now()",
            _ => "'x'",
        };

    [GeneratedRegex("'[^']+'")]
    private static partial Regex Word();
}

internal sealed class ServiceTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    public async Task<long> CountAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The statement must fail for want of a right, by a grant or by the guard, and for nothing else.</summary>
    public async Task IsRefusedAsync(string sql, string what)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        var refusal = await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(), what);
        refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, $"{what}: {refusal.MessageText}");
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
