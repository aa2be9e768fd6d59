using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CampaignHub.Server.Tests.Inbound;

/// <summary>A server of Debian's in a directory of its own, from its start until disposed.</summary>
public sealed class ServerProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _directory;

    private ServerProgram(Process process, DirectoryInfo directory) => (_process, _directory) = (process, directory);

    /// <summary>Starts it and waits until it answers on its ports.</summary>
    /// <param name="directory">Removed with it.</param>
    /// <param name="ports">Where it listens on 127.0.0.1.</param>
    /// <param name="command">The program and its arguments; it has to stay in the foreground.</param>
    public static async Task<ServerProgram> StartAsync(DirectoryInfo directory, IReadOnlyList<int> ports, params string[] command)
    {
        var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = directory.FullName })!;
        var program = new ServerProgram(process, directory);
        foreach (var port in ports)
            await Eventually.Async(
                () => process.HasExited
                    ? throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}: {program.Log()}")
                    : AnswersAsync(port), $"{command[0]} answers on port {port}", seconds: 30);
        return program;
    }

    /// <summary>Ports that nobody listens on just now.</summary>
    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Stop());
        return ports;
    }

    /// <summary>What it has logged into its file <c>log</c>.</summary>
    public string Log() => File.Exists(Path.Combine(_directory.FullName, "log")) ? File.ReadAllText(Path.Combine(_directory.FullName, "log")) : "nothing was logged";

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("/bin/kill", ["-TERM", $"{_process.Id}"]);
            await kill.WaitForExitAsync();
        }
        await _process.WaitForExitAsync();
        _process.Dispose();
        // Its children end after it, and write until then.
        await Eventually.Async(
            () =>
            {
                try
                {
                    _directory.Delete(recursive: true);
                    return Task.FromResult(true);
                }
                catch (IOException)
                {
                    return Task.FromResult(false);
                }
            }, "its directory is removed", seconds: 20);
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
