using Npgsql;

namespace CampaignHub.Server.Platform.Postgres;

/// <summary>
/// PostgreSQL that belongs to one data directory: made at the first use, reached over a socket that only its owner
/// can enter, started again whenever it dies, and stopped with the service. A server that outlived a killed service
/// is taken over.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    public const string DefaultDatabase = "campaignhub";

    private readonly Cluster _cluster;
    private readonly Postmaster _postmaster;
    private readonly string _socketDirectory;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _supervision;
    private bool _disposed;

    private EmbeddedPostgres(Cluster cluster, Postmaster postmaster, string socketDirectory, ILogger log)
    {
        _cluster = cluster;
        _postmaster = postmaster;
        _socketDirectory = socketDirectory;
        _supervision = new Supervision(postmaster, socketDirectory, log).RunAsync(_stopping.Token);
    }

    /// <summary>To <see cref="DefaultDatabase"/>, as superuser. It stays the same when the server is started again.</summary>
    public string ConnectionString => ConnectionStringFor(DefaultDatabase);

    /// <summary>The directory of the cluster and its logs.</summary>
    public string Home => _cluster.Home;

    /// <summary>The running server's pid; null while it is down.</summary>
    public int? ServerProcessId => _postmaster.ProcessId;

    /// <param name="directory">Its lock is what keeps a second service from the same cluster.</param>
    /// <param name="log">Told of what takes long, and of crashes.</param>
    /// <param name="ct">Ends the start; a server already started is stopped again.</param>
    /// <returns>A server that accepts connections and has <see cref="DefaultDatabase"/>.</returns>
    /// <exception cref="StartupException">No server programs, or the cluster cannot be made, recognised or started.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(DataDirectory directory, ILogger log, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var cluster = new Cluster(directory, await ServerAccount.ChooseAsync(ct));
        var binaries = await PostgresBinaries.ObtainAsync(cluster.Major, log, ct);
        await cluster.PrepareAsync(binaries, ct);
        var postmaster = new Postmaster(cluster, binaries);
        EmbeddedPostgres? server = null;
        try
        {
            var socketDirectory = await new Orphan(cluster, postmaster, log).AdoptAsync(ct) ?? await StartAnewAsync(cluster, postmaster, ct);
            server = new EmbeddedPostgres(cluster, postmaster, socketDirectory, log);
            await server.CreateDatabaseAsync(DefaultDatabase, ct);
            return server;
        }
        catch
        {
            // Its supervision first, which would start it again.
            await (server?.DisposeAsync() ?? new ValueTask(postmaster.StopAsync(CancellationToken.None)));
            throw;
        }
    }

    public string ConnectionStringFor(string database) => ConnectionStringTo(_socketDirectory, database);

    /// <summary>Creates an empty database unless it exists, and answers its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken ct = default)
    {
        await using var connection = new NpgsqlConnection(ConnectionStringTo(_socketDirectory, "postgres", pooling: false));
        await connection.OpenAsync(ct);
        await using var lookup = new NpgsqlCommand("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", connection) { Parameters = { new() { Value = name } } };
        if (await lookup.ExecuteScalarAsync(ct) is false)
        {
            using var quoting = new NpgsqlCommandBuilder();
#pragma warning disable CA2100 // An identifier cannot be a parameter; it is quoted.
            await using var creation = new NpgsqlCommand($"CREATE DATABASE {quoting.QuoteIdentifier(name)}", connection);
#pragma warning restore CA2100
            await creation.ExecuteNonQueryAsync(ct);
        }
        return ConnectionStringFor(name);
    }

    /// <summary>Ends sessions, stops the server with a checkpoint and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await _stopping.CancelAsync();
        await _supervision;
        await _postmaster.StopAsync(CancellationToken.None);
        if (Path.GetDirectoryName(_socketDirectory) != _cluster.Home && Directory.Exists(_socketDirectory))
            Directory.Delete(_socketDirectory, recursive: true);
        _stopping.Dispose();
    }

    /// <summary>Stops the server and removes its data for good: for demos, tests and benchmarks.</summary>
    public async Task DeleteAsync()
    {
        await DisposeAsync();
        _cluster.Delete();
    }

    /// <summary>Removes what a start that failed has left in a directory that nothing else uses; no server runs.</summary>
    public static async Task RemoveRemainsAsync(DataDirectory directory) =>
        new Cluster(directory, await ServerAccount.ChooseAsync(CancellationToken.None)).Delete();

    internal static string ConnectionStringTo(string socketDirectory, string database, bool pooling = true) => new NpgsqlConnectionStringBuilder
    {
        Host = socketDirectory,
        Port = Postmaster.Port,
        Username = Cluster.Superuser,
        Database = database,
        Pooling = pooling,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    private static async Task<string> StartAnewAsync(Cluster cluster, Postmaster postmaster, CancellationToken ct)
    {
        var socketDirectory = await cluster.MakeSocketDirectoryAsync(ct);
        await postmaster.StartAsync(socketDirectory, ct);
        return socketDirectory;
    }
}
