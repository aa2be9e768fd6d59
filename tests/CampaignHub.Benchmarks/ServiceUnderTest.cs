using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace CampaignHub.Benchmarks;

/// <summary>The service as a process of its own, on a fresh data directory and a PostgreSQL that the benchmark can ask too.</summary>
internal sealed class ServiceUnderTest : IAsyncDisposable
{
    private const string OperatorKey = "operator-of-a-benchmark";
    private readonly DirectoryInfo _place;
    private readonly DataDirectory _postgresDirectory;
    private readonly EmbeddedPostgres _postgres;
    private readonly Process _process;

    private ServiceUnderTest(DirectoryInfo place, DataDirectory postgresDirectory, EmbeddedPostgres postgres, Process process, Uri url)
    {
        (_place, _postgresDirectory, _postgres, _process) = (place, postgresDirectory, postgres, process);
        Http = NewClient(url);
    }

    public string ConnectionString => _postgres.ConnectionString;

    /// <summary>Calls as the first key of the one tenant, once <see cref="NewTenantAsync"/> has made it.</summary>
    public HttpClient Http { get; }

    public static async Task<ServiceUnderTest> StartAsync()
    {
        var place = Directory.CreateTempSubdirectory("campaignhub-bench-");
        var postgresDirectory = DataDirectory.Open(Path.Combine(place.FullName, "postgres"));
        var postgres = await EmbeddedPostgres.StartAsync(postgresDirectory, NullLogger.Instance, CancellationToken.None);
        var url = new Uri($"http://127.0.0.1:{FreePort()}");
        var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "CampaignHub"), "up")
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = url.ToString(),
                ["ConnectionStrings__CampaignHub"] = postgres.ConnectionString,
                ["CampaignHub__DataDirectory"] = Path.Combine(place.FullName, "service"),
                ["CampaignHub__OperatorKey"] = OperatorKey,
                ["CampaignHub__LogLevel"] = "Warning",
            },
        })!;
        process.BeginOutputReadLine();
        var service = new ServiceUnderTest(place, postgresDirectory, postgres, process, url);
        await service.BecomeReadyAsync();
        return service;
    }

    /// <summary>Makes the tenant and answers its id.</summary>
    public async Task<Guid> NewTenantAsync()
    {
        Authorize(OperatorKey);
        using var answer = await Http.PostAsJsonAsync("/v1/tenants", new { name = "Benchmark" });
        answer.EnsureSuccessStatusCode();
        var tenant = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        Authorize(tenant["api_key"]!.GetValue<string>());
        return tenant["id"]!.GetValue<Guid>();
    }

    /// <summary>The most memory that the process has held so far, in MB (VmHWM).</summary>
    public int PeakMemory()
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>The processor time that the process has used so far.</summary>
    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Http.Dispose();
        await _postgres.DeleteAsync();
        _postgresDirectory.Dispose();
        _place.Delete(recursive: true);
    }

    private async Task BecomeReadyAsync()
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(1) && !_process.HasExited; await Task.Delay(100))
        {
            try
            {
                using var answer = await Http.GetAsync("/health/ready");
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
        throw new InvalidOperationException("The service didn't become ready.");
    }

    private void Authorize(string key) => Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

    private static HttpClient NewClient(Uri url)
    {
#pragma warning disable RS0030 // Calls the service on this machine; nothing needs guarding.
        return new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore RS0030
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
