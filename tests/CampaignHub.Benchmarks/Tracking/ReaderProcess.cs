using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CampaignHub.Benchmarks.Tracking;

/// <summary>The <see cref="Readers"/>, seen from the benchmark.</summary>
internal sealed class ReaderProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _last;
    private int _stored;

    private ReaderProcess(Process process)
    {
        _process = process;
        _last = ReadAsync();
    }

    /// <summary>Requests answered as stored so far, told ten times a second.</summary>
    public int Stored => Volatile.Read(ref _stored);

    public static ReaderProcess Start(Reading reading)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["readers", JsonSerializer.Serialize(reading)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // Their answers are short work: it is done where they arrive, and takes less from what is measured.
        start.Environment["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1";
        return new ReaderProcess(Process.Start(start)!);
    }

    /// <summary>Waits until they have stopped by themselves.</summary>
    public async Task<ReadingResult> FinishedAsync()
    {
        await _process.WaitForExitAsync();
        return JsonSerializer.Deserialize<ReadingResult>(await _last) ?? throw new InvalidOperationException("The readers ended before their time.");
    }

    public Task<ReadingResult> StopAsync()
    {
        _process.StandardInput.Close();
        return FinishedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Answers the last line.</summary>
    private async Task<string> ReadAsync()
    {
        var last = "null";
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            last = line;
            if (int.TryParse(line, CultureInfo.InvariantCulture, out var stored))
                Volatile.Write(ref _stored, stored);
        }
        return last;
    }
}
