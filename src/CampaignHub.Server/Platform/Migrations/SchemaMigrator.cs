using DbUp;
using DbUp.Engine;
using Npgsql;

namespace CampaignHub.Server.Platform.Migrations;

/// <summary>
/// Brings the database's schema to this build's: the scripts in <c>migrations/</c>, by name, each once and in a
/// transaction with its line in <c>campaignhub.schema_versions</c>. Forward only.
/// </summary>
/// <remarks>Several nodes may start at once: they wait for one another on an advisory lock.</remarks>
public sealed class SchemaMigrator
{
    internal const string Schema = "campaignhub";
    private const string Journal = "schema_versions";
    private const string ResourcePrefix = "migrations/";

    /// <summary>"CampHub" in ASCII: any number, so long as every node and nobody else takes it.</summary>
    private const long LockKey = 0x43616D70487562;

    /// <summary>This build's scripts by name, in their order.</summary>
    public static IReadOnlyList<string> Known { get; } = [.. EmbeddedScripts().Select(script => script.Name)];

    private readonly string _connectionString;
    private readonly ILogger _log;
    private readonly IReadOnlyList<SqlScript> _scripts;

    public SchemaMigrator(string connectionString, ILogger log)
        : this(connectionString, log, EmbeddedScripts())
    {
    }

    internal SchemaMigrator(string connectionString, ILogger log, IReadOnlyList<SqlScript> scripts)
    {
        _connectionString = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString;
        _log = log;
        _scripts = scripts;
    }

    /// <summary>Applies what is missing, after any other node that is at it.</summary>
    /// <returns>The names of the scripts applied by this call, in order.</returns>
    /// <exception cref="StartupException">The schema is newer than this build, a script failed and was rolled back, or a restore was not finished.</exception>
    public async Task<IReadOnlyList<string>> ApplyAsync(CancellationToken ct)
    {
        await using var holder = await LockAsync(ct);
        if (await UnfinishedRestore.IsMarkedAsync(holder, ct))
            throw new StartupException("A restore into this database was begun and not finished: run it again (./hub restore FILE), which begins anew.");
        return await ApplyLockedAsync(holder, ct);
    }

    /// <summary>A connection that keeps every node from beginning to work here; it ends with the connection, however this process ends.</summary>
    internal async Task<NpgsqlConnection> LockAsync(CancellationToken ct)
    {
        var holder = new NpgsqlConnection(_connectionString);
        try
        {
            await holder.OpenAsync(ct);
            await ExecuteAsync(holder, $"SELECT pg_advisory_lock({LockKey})", ct);
            return holder;
        }
        catch
        {
            await holder.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same for whoever holds the lock.</summary>
    internal async Task<IReadOnlyList<string>> ApplyLockedAsync(NpgsqlConnection holder, CancellationToken ct)
    {
        await ExecuteAsync(holder, $"CREATE SCHEMA IF NOT EXISTS {Schema}", ct);
        // DbUp blocks: not on the caller's thread.
        return await Task.Run(Upgrade, ct);
    }

    private string[] Upgrade()
    {
        var engine = DeployChanges.To
            .PostgresqlDatabase(_connectionString)
            .WithScripts(_scripts)
            .WithScriptNameComparer(StringComparer.Ordinal)
            .WithVariablesDisabled() // $body$ and $$ are SQL's here
            .WithTransactionPerScript()
            .JournalToPostgresqlTable(Schema, Journal)
            .LogToNowhere()
            .Build();
        if (engine.GetExecutedButNotDiscoveredScripts().Max(StringComparer.Ordinal) is { } unknown)
            throw new StartupException($"The database's schema is newer than this build, which does not know {unknown}: run the version of CampaignHub that wrote it, or a later one.");
        return Applied(engine.PerformUpgrade());
    }

    private string[] Applied(DatabaseUpgradeResult result)
    {
        foreach (var script in result.Scripts)
            _log.LogInformation("Applied migration {Script}.", script.Name);
        if (!result.Successful)
            throw new StartupException($"Migration {result.ErrorScript?.Name} failed and was rolled back: {result.Error.Message}", result.Error);
        return [.. result.Scripts.Select(script => script.Name)];
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
#pragma warning disable CA2100 // Made of this class's constants.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(ct);
    }

    private static SqlScript[] EmbeddedScripts()
    {
        var assembly = typeof(SchemaMigrator).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => SqlScript.FromStream(name[ResourcePrefix.Length..], assembly.GetManifestResourceStream(name)))];
    }
}
