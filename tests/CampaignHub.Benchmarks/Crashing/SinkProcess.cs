using System.Diagnostics;
using System.Globalization;

namespace CampaignHub.Benchmarks.Crashing;

/// <summary>The <see cref="SinkProgram"/>, seen from the benchmark.</summary>
internal sealed class SinkProcess : IAsyncDisposable
{
    private readonly Process _process;

    private SinkProcess(Process process, int port, string folder) => (_process, Port, Folder) = (process, port, folder);

    public int Port { get; }

    /// <summary>Where its files are.</summary>
    public string Folder { get; }

    public static async Task<SinkProcess> StartAsync(string folder)
    {
        var port = ServiceProcess.FreePort();
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["sink", port.ToString(CultureInfo.InvariantCulture), folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var sink = new SinkProcess(Process.Start(start)!, port, folder);
        await sink.ReadAsync(); // it listens
        return sink;
    }

    /// <summary>What it has kept and synced, and the connections open to it now.</summary>
    public async Task<(int Messages, int Connections)> LookAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        return await ReadAsync();
    }

    /// <summary>Lets it end in order.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<(int Messages, int Connections)> ReadAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The sink has ended.");
        var numbers = line.Split(' ');
        return (int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[1], CultureInfo.InvariantCulture));
    }
}
