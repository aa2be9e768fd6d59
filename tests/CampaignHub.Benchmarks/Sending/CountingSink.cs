using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace CampaignHub.Benchmarks.Sending;

/// <summary>postfix's smtp-sink in a process of its own: reads mail, forgets it, and counts.</summary>
internal sealed partial class CountingSink : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _counters;

    private CountingSink(Process process, string counters, int port) => (_process, _counters, Port) = (process, counters, port);

    public int Port { get; }

    public int ProcessId => _process.Id;

    public static async Task<CountingSink> StartAsync(Postfix postfix)
    {
        var (counters, port) = (Path.GetTempFileName(), ServiceProcess.FreePort());
        // As root it wants to become somebody else. A file takes its counters: a pipe would wake us for each message.
        var user = Environment.IsPrivilegedProcess ? "-u nobody" : "";
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec \"$0\" -c {user} 127.0.0.1:{port} 512 >\"$1\"", postfix.Sink, counters]);
        postfix.Prepare(start.Environment);
        var sink = new CountingSink(Process.Start(start)!, counters, port);
        await sink.BecomeReadyAsync();
        return sink;
    }

    /// <summary>Messages taken since its start. It writes "sess=1 quit=0 mesg=2" again and again.</summary>
    public long Count()
    {
        using var file = new FileStream(_counters, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(-Math.Min(200, file.Length), SeekOrigin.End);
        Span<byte> end = stackalloc byte[200];
        var text = Encoding.ASCII.GetString(end[..file.ReadAtLeast(end, 200, throwOnEndOfStream: false)]);
        return Messages().Matches(text) is { Count: > 0 } found ? long.Parse(found[^1].Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        File.Delete(_counters);
    }

    private async Task BecomeReadyAsync()
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(20) && !_process.HasExited; await Task.Delay(20))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                // Not listening yet.
            }
        }
        await DisposeAsync();
        throw new InvalidOperationException("smtp-sink didn't start.");
    }

    [GeneratedRegex(@"mesg=(\d+)")]
    private static partial Regex Messages();
}
