using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace CampaignHub.Benchmarks;

/// <summary>The service in processes of its own, on fresh data directories and a PostgreSQL that the benchmark can ask too.</summary>
internal sealed class ServiceUnderTest : IAsyncDisposable
{
    private readonly DirectoryInfo _place;
    private readonly DataDirectory _postgresDirectory;
    private readonly EmbeddedPostgres _postgres;
    private readonly Uri _url = ServiceProcess.NewUrl();
    private readonly List<ServiceProcess> _nodes = [];
    private readonly CleanUp _cleanUp;

    private ServiceUnderTest(DirectoryInfo place, DataDirectory postgresDirectory, EmbeddedPostgres postgres)
    {
        (_place, _postgresDirectory, _postgres) = (place, postgresDirectory, postgres);
        Database = new Database(postgres.ConnectionString);
        Http = ServiceProcess.ClientOf(_url);
        _cleanUp = new CleanUp(RemoveAsync);
    }

    public string ConnectionString => _postgres.ConnectionString;

    /// <summary>Of the first node.</summary>
    public Uri Url => _url;

    /// <summary>The same database, beside the service.</summary>
    public Database Database { get; }

    /// <summary>Calls the first node, as the first key of the one tenant once <see cref="NewTenantAsync"/> has made it.</summary>
    public HttpClient Http { get; }

    /// <summary>The running processes, the one that <see cref="Http"/> calls first.</summary>
    public IReadOnlyList<ServiceProcess> Nodes => _nodes;

    public int PostgresProcessId => _postgres.ServerProcessId ?? throw new InvalidOperationException("PostgreSQL is down.");

    /// <param name="preload">A library of PostgreSQL's to load at its start; null: none.</param>
    public static async Task<ServiceUnderTest> StartAsync(string? preload = null)
    {
        var place = Directory.CreateTempSubdirectory("campaignhub-bench-");
        var postgresDirectory = DataDirectory.Open(Path.Combine(place.FullName, "postgres"));
        var postgres = await EmbeddedPostgres.StartAsync(postgresDirectory, NullLogger.Instance, CancellationToken.None);
        if (preload is not null)
        {
            await using (var database = new Database(postgres.ConnectionString))
                await database.ExecuteAsync($"ALTER SYSTEM SET shared_preload_libraries = '{preload}'");
            await postgres.DisposeAsync();
            postgres = await EmbeddedPostgres.StartAsync(postgresDirectory, NullLogger.Instance, CancellationToken.None);
        }
        var service = new ServiceUnderTest(place, postgresDirectory, postgres);
        try
        {
            await service.StartNodesAsync("all");
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public KeyRing ReadKeyRing() => KeyRing.Parse(File.ReadAllText(Path.Combine(PlaceOf(0), "keyring")));

    /// <summary>Makes the tenant and answers its id.</summary>
    public Task<Guid> NewTenantAsync() => Mailing.NewTenantAsync(Http);

    /// <summary>Stops all nodes, and starts one of each role: on one database and key ring, each with a data directory of its own.</summary>
    public async Task StartNodesAsync(params string[] roles)
    {
        foreach (var node in _nodes)
        {
            await node.StopAsync();
            await node.DisposeAsync();
        }
        _nodes.Clear();
        for (var i = 0; i < roles.Length; i++)
            _nodes.Add(await ServiceProcess.StartAsync(i == 0 ? _url : ServiceProcess.NewUrl(), Settings(i, roles[i])));
    }

    /// <summary>The most memory that the first node has held so far, in MB (VmHWM).</summary>
    public int PeakMemory() => ProcessTree.PeakMemory(_nodes[0].Id);

    /// <summary>The processor time that all nodes have used so far.</summary>
    public TimeSpan ProcessorTime() => _nodes.Aggregate(TimeSpan.Zero, (sum, node) => sum + ProcessTree.ProcessorTime(node.Id));

    public ValueTask DisposeAsync() => _cleanUp.DisposeAsync();

    private async Task RemoveAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        Http.Dispose();
        await Database.DisposeAsync();
        await _postgres.DeleteAsync();
        _postgresDirectory.Dispose();
        _place.Delete(recursive: true);
    }

    private Dictionary<string, string> Settings(int node, string role)
    {
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings__CampaignHub"] = _postgres.ConnectionString,
            ["CampaignHub__DataDirectory"] = PlaceOf(node),
            ["CampaignHub__OperatorKey"] = Mailing.OperatorKey,
            ["CampaignHub__Role"] = role,
        };
        if (node > 0)
            settings["CampaignHub__KeyRing"] = Path.Combine(PlaceOf(0), "keyring");
        return settings;
    }

    private string PlaceOf(int node) => Path.Combine(_place.FullName, $"node-{node}");
}
