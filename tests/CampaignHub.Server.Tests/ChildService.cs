using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using CampaignHub.Core.Tenancy;

namespace CampaignHub.Server.Tests;

/// <summary>The built executable as a process of its own, so that it can be killed as the kernel or an operator would.</summary>
public sealed class ChildService : IAsyncDisposable
{
    private const string OperatorKey = "operator-of-a-test";

    private readonly DirectoryInfo _directory;
    private readonly string _connectionString;
    private readonly int _port;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private Process? _process;

    private ChildService(DirectoryInfo directory, string connectionString, IReadOnlyDictionary<string, string> settings) =>
        (_directory, _connectionString, _port, _settings) = (directory, connectionString, FreePort(), settings);

    /// <summary>Its database, as the login that owns it.</summary>
    public string ConnectionString => _settings.GetValueOrDefault("ConnectionStrings__CampaignHub", _connectionString);

    public string DataDirectory => _directory.FullName;

    public KeyRing ReadKeyRing() => KeyRing.Parse(File.ReadAllText(Path.Combine(_directory.FullName, "keyring")));

    /// <param name="settings">In its environment, beside or in place of the usual ones.</param>
    public static async Task<ChildService> StartAsync(params (string Name, string Value)[] settings)
    {
        var child = new ChildService(
            Directory.CreateTempSubdirectory("campaignhub-child-"), await TestCluster.NewPreparedDatabaseAsync(), settings.ToDictionary());
        await child.StartAgainAsync();
        return child;
    }

    /// <summary>Starts a second node on the same database and key ring, with a data directory of its own.</summary>
    public async Task<ChildService> StartBesideAsync(string role)
    {
        var settings = new Dictionary<string, string>(_settings)
        {
            ["CampaignHub__Role"] = role,
            ["CampaignHub__KeyRing"] = Path.Combine(_directory.FullName, "keyring"),
        };
        var child = new ChildService(Directory.CreateTempSubdirectory("campaignhub-child-"), _connectionString, settings);
        await child.StartAgainAsync();
        return child;
    }

    /// <summary>Starts it (again) on its own data directory and database, and waits until it is ready.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "CampaignHub"), "up")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{_port}",
                ["CampaignHub__DataDirectory"] = _directory.FullName,
                ["CampaignHub__OperatorKey"] = OperatorKey,
                ["CampaignHub__LogLevel"] = "Warning",
                ["ConnectionStrings__CampaignHub"] = _connectionString,
            },
        };
        foreach (var (name, value) in _settings)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        var errors = new List<string>();
        _process.ErrorDataReceived += (_, line) => errors.Add(line.Data ?? "");
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        using var http = Client(null);
        await Eventually.Async(async () =>
        {
            if (_process.HasExited)
                throw new InvalidOperationException("The service ended: " + string.Join('\n', errors));
            try
            {
                using var answer = await http.GetAsync("/health/ready");
                return answer.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, "the child is ready");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>kill -STOP: it does nothing, as if the machine slept, until <see cref="ContinueAsync"/>.</summary>
    public Task StopAsync() => SignalAsync("STOP");

    public Task ContinueAsync() => SignalAsync("CONT");

    /// <summary>SIGTERM, and its exit status.</summary>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("TERM");
        await _process!.WaitForExitAsync();
        var status = _process.ExitCode;
        _process.Dispose();
        _process = null;
        return status;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async Task<TestTenant> NewTenantAsync()
    {
        using var http = Client(OperatorKey);
        var tenant = await http.PostAsync("/v1/tenants", new { name = "Shop" }, HttpStatusCode.Created);
        var key = tenant["api_key"]!.GetValue<string>();
        return new TestTenant(tenant["id"]!.GetValue<Guid>(), key, Client(key));
    }

    /// <summary>A client of this very process that speaks with this key, or with none.</summary>
    public HttpClient WithKey(string? key) => Client(key);

    private HttpClient Client(string? key)
    {
#pragma warning disable RS0030 // Tests call the service on this machine; nothing needs guarding.
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
#pragma warning restore RS0030
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
        _directory.Delete(recursive: true);
    }
}
