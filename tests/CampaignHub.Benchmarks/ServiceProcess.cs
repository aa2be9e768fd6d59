using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CampaignHub.Benchmarks;

/// <summary>One process of the built service, ready to be called.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const int LinesKept = 20;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lastLines = new();

    private ServiceProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public int Id => _process.Id;

    /// <summary>The end of what it has logged.</summary>
    public IReadOnlyCollection<string> LastLines => _lastLines;

    /// <summary>Starts it, and waits until it is ready: as long as a database needs to recover on a busy machine.</summary>
    public static async Task<ServiceProcess> StartAsync(Uri url, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "CampaignHub"), "up")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_URLS"] = url.ToString();
        start.Environment["CampaignHub__LogLevel"] = "Warning";
        // A benchmark asks as often as it can.
        foreach (var limit in (string[])["CallsPerKeyAndMinute", "PagesPerNetworkAndMinute", "HooksPerNetworkAndMinute"])
            start.Environment[$"CampaignHub__Limits__{limit}"] = "0";
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var service = new ServiceProcess(Process.Start(start)!);
        await service.BecomeReadyAsync(url);
        return service;
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task StopAsync()
    {
        await Signal.SendAsync("TERM", _process.Id);
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends it at once, if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    public static Uri NewUrl() => new($"http://127.0.0.1:{FreePort()}");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static HttpClient ClientOf(Uri url)
    {
#pragma warning disable RS0030 // Calls the service on this machine; nothing needs guarding.
        return new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url, Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore RS0030
    }

    private async Task BecomeReadyAsync(Uri url)
    {
        using var http = ClientOf(url);
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(3) && !_process.HasExited; await Task.Delay(50))
        {
            try
            {
                using var answer = await http.GetAsync("/health/ready");
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
        await DisposeAsync();
        throw new InvalidOperationException("The service didn't become ready: " + string.Join('\n', _lastLines));
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _lastLines.Enqueue(line);
        while (_lastLines.Count > LinesKept)
            _lastLines.TryDequeue(out _);
    }
}
