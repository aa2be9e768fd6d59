namespace CampaignHub.Server.Platform.Postgres;

/// <summary>The running server process of one cluster, started and stopped with <c>pg_ctl</c>.</summary>
/// <remarks>
/// <c>pg_ctl</c> gives it a session of its own, so the terminal's Ctrl-C ends the service, and the service then ends
/// PostgreSQL in order. It is no child of ours for the same reason that an orphan can be adopted.
/// </remarks>
internal sealed class Postmaster(Cluster cluster, PostgresBinaries binaries)
{
    public const int Port = 5432;

    private readonly PostmasterFile _file = new(cluster);
    private readonly string _startupLog = Path.Combine(cluster.Home, "startup.log");

    /// <inheritdoc cref="PostmasterFile.IsAlive"/>
    public bool IsAlive => _file.IsAlive;

    /// <inheritdoc cref="PostmasterFile.ProcessId"/>
    public int? ProcessId => _file.ProcessId;

    /// <inheritdoc cref="PostmasterFile.SocketDirectory"/>
    public string? SocketDirectory => _file.SocketDirectory;

    /// <summary>Returns when connections are accepted, after crash recovery if that is needed.</summary>
    /// <exception cref="StartupException">It did not start; the message gives PostgreSQL's own reason.</exception>
    public async Task StartAsync(string socketDirectory, CancellationToken ct)
    {
        var reason = await TryStartAsync(socketDirectory, ct);
        // The processes of a server that was killed take a moment to notice.
        for (var tries = 0; reason is not null && tries < 50 && reason.Contains("shared memory block", StringComparison.Ordinal); tries++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), ct);
            reason = await TryStartAsync(socketDirectory, ct);
        }
        if (reason is not null)
            throw new StartupException($"The built-in PostgreSQL did not start ({reason}): its logs are {_startupLog} and those in {Path.Combine(cluster.Home, "log")}.");
    }

    /// <summary>Ends sessions and stops with a checkpoint; after 20 s without one, and recovery at the next start.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (IsAlive && !(await ControlAsync(["stop", "-w", "-t", "20", "-m", "fast"], ct)).Succeeded && IsAlive)
            await ControlAsync(["stop", "-w", "-t", "5", "-m", "immediate"], ct);
    }

    /// <summary>Null, or why it did not start.</summary>
    private async Task<string?> TryStartAsync(string socketDirectory, CancellationToken ct)
    {
        RemoveStaleLocks(socketDirectory);
        File.Delete(_startupLog);
        // All paths are relative: what stands here passes through a shell.
        var socket = Path.GetDirectoryName(socketDirectory) == cluster.Home ? "../socket" : socketDirectory;
        var result = await ControlAsync(["start", "-w", "-t", "600", "-l", "startup.log", "-o", ServerOptions.For(cluster.ProcessMark, socket)], ct);
        return result.Succeeded ? null : ReasonInLog() ?? result.LastLine;
    }

    private string? ReasonInLog()
    {
        const string fatal = "FATAL:";
        var line = File.Exists(_startupLog) ? File.ReadLines(_startupLog).LastOrDefault(line => line.Contains(fatal, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(fatal, StringComparison.Ordinal) + fatal.Length)..].Trim();
    }

    private Task<CommandResult> ControlAsync(string[] arguments, CancellationToken ct) =>
        cluster.Account.Run(new Command(binaries.Control, ["-s", "-D", "data", .. arguments]) { Directory = cluster.Home }).RunAsync(ct);

    // PostgreSQL refuses to start while any process of its user, a zombie even, has the pid of a server that is long
    // gone. Should children of that server still live, it finds their shared memory and refuses all the same.
    private void RemoveStaleLocks(string socketDirectory)
    {
        if (IsAlive)
            return;
        _file.Delete();
        File.Delete(Path.Combine(socketDirectory, $".s.PGSQL.{Port}.lock"));
    }
}
