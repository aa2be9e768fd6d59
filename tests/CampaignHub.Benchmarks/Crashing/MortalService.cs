using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace CampaignHub.Benchmarks.Crashing;

/// <summary>The service on its built-in PostgreSQL, killed and started again on the same data directory.</summary>
internal sealed class MortalService(string dataDirectory) : IAsyncDisposable
{
    private readonly Uri _url = ServiceProcess.NewUrl();
    private ServiceProcess? _process;

    public int Port => _url.Port;

    public HttpClient NewClient() => ServiceProcess.ClientOf(_url);

    public BuiltInPostgres Postgres => BuiltInPostgres.Of(dataDirectory);

    public async Task StartAsync() => _process = await ServiceProcess.StartAsync(_url, new Dictionary<string, string>
    {
        ["CampaignHub__DataDirectory"] = dataDirectory,
        ["CampaignHub__OperatorKey"] = Mailing.OperatorKey,
        ["ConnectionStrings__CampaignHub"] = "",
    });

    /// <summary>
    /// kill -9, at one moment for all. The service stands still for an instant before, in which
    /// <paramref name="look"/> counts its connections: in a running one the count would be old when it dies.
    /// </summary>
    public async Task<T> KillAsync<T>(bool withPostgres, Func<Task<T>> look)
    {
        await Signal.SendAsync("STOP", _process!.Id);
        var seen = await look();
        await Signal.SendAsync("KILL", [_process.Id, .. withPostgres ? Postgres.Processes() : []]);
        await _process.DisposeAsync();
        _process = null;
        return seen;
    }

    /// <summary>Stops it in order, and takes its PostgreSQL over, in whatever state that is, to remove it for good.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.StopAsync();
            await _process.DisposeAsync();
        }
        using var directory = DataDirectory.Open(dataDirectory);
        var postgres = await EmbeddedPostgres.StartAsync(directory, NullLogger.Instance, CancellationToken.None);
        await postgres.DeleteAsync();
    }
}
