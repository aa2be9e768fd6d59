using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CampaignHub.Benchmarks.Tracking;

/// <summary>
/// The least that a pixel can cost: Kestrel answers 43 bytes and stores nothing. A process of its own, which ends when its
/// standard input does.
/// </summary>
internal sealed class BareKestrel : IAsyncDisposable
{
    private readonly Process _process;

    private BareKestrel(Process process, Uri url) => (_process, Url) = (process, url);

    public Uri Url { get; }

    public int Id => _process.Id;

    public static async Task<BareKestrel> StartAsync()
    {
        var url = ServiceProcess.NewUrl();
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["bare-kestrel", url.Port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        await process.StandardOutput.ReadLineAsync(); // it listens
        return new BareKestrel(process, url);
    }

    /// <summary>What the process does.</summary>
    public static async Task<int> RunAsync(string port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        await using var app = builder.Build();
        var gif = new byte[43];
        app.Run(context =>
        {
            context.Response.ContentType = "image/gif";
            context.Response.ContentLength = gif.Length;
            return context.Response.Body.WriteAsync(gif).AsTask();
        });
        await app.StartAsync();
        Console.WriteLine("listening");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
