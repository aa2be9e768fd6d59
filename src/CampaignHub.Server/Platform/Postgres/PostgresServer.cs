using System.Net.Sockets;
using Npgsql;

namespace CampaignHub.Server.Platform.Postgres;

/// <summary>The database server that the service works on: the one it was given, or the built-in one.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string ConnectionName = "CampaignHub";

    private readonly EmbeddedPostgres? _embedded;

    private PostgresServer(EmbeddedPostgres? embedded, string connectionString, int version)
    {
        _embedded = embedded;
        ConnectionString = connectionString;
        Version = version;
    }

    public string ConnectionString { get; }

    /// <summary>PostgreSQL's <c>server_version_num</c>, such as 150018.</summary>
    public int Version { get; }

    public bool IsBuiltIn => _embedded is not null;

    /// <summary>
    /// Connects to <c>ConnectionStrings:CampaignHub</c>, or starts the built-in server when there is none, and checks
    /// its version and the rights that the migrations need.
    /// </summary>
    /// <exception cref="StartupException">It cannot be reached or started, is too old, or rights are missing.</exception>
    public static async Task<PostgresServer> OpenAsync(IConfiguration settings, DataDirectory directory, ILogger log, CancellationToken ct)
    {
        if (settings.GetConnectionString(ConnectionName) is { Length: > 0 } given)
            return new PostgresServer(null, given, await CheckAsync(given, ct));
        var embedded = await EmbeddedPostgres.StartAsync(directory, log, ct);
        try
        {
            return new PostgresServer(embedded, embedded.ConnectionString, await CheckAsync(embedded.ConnectionString, ct));
        }
        catch
        {
            await embedded.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the built-in server; another is left alone.</summary>
    public ValueTask DisposeAsync() => _embedded?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<int> CheckAsync(string connectionString, CancellationToken ct)
    {
        await using var connection = await ConnectAsync(connectionString, ct);
        return await ServerRequirements.CheckAsync(connection, ct);
    }

    /// <summary>A connection of its own, as the login.</summary>
    /// <exception cref="StartupException">The server cannot be reached, or refuses.</exception>
    internal static async Task<NpgsqlConnection> ConnectAsync(string connectionString, CancellationToken ct)
    {
        var target = Parse(connectionString);
        var connection = new NpgsqlConnection(target.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException)
        {
            await connection.DisposeAsync();
            var reason = e is PostgresException refusal ? refusal.MessageText : e.InnerException?.Message ?? e.Message;
            throw new StartupException($"Cannot use the database {target.Database} on {target.Host}:{target.Port} as {target.Username} ({reason}): check ConnectionStrings__CampaignHub and that the server runs.", e);
        }
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Not the inner message: it may quote a password.
            throw new StartupException("ConnectionStrings__CampaignHub is not a connection string: it reads like Host=db.example;Database=campaignhub;Username=campaignhub;Password=….");
        }
    }
}
