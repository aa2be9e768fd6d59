using System.ComponentModel;
using System.Diagnostics;

namespace CampaignHub.Server.Platform.Postgres;

/// <summary>One run of another program, to its end.</summary>
internal sealed record Command(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>The program cannot be run at all, as the shell would say it.</summary>
    private const int NotFound = 127;

    /// <summary>Where it runs. The root by default: a user of few rights may not enter the caller's own directory.</summary>
    public string Directory { get; init; } = "/";

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs it and collects what it prints. Cancelling ends the program.</summary>
    public async Task<CommandResult> RunAsync(CancellationToken ct)
    {
        using var process = new Process { StartInfo = StartInfo() };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new CommandResult(NotFound, e.Message);
        }
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            // Not its children: a server that it is starting is stopped in order afterwards.
            process.Kill();
            throw;
        }
        return new CommandResult(process.ExitCode, (await output + await errors).Trim());
    }

    /// <exception cref="StartupException">It did not end with status 0; the message gives its last line.</exception>
    public async Task<string> RunOrFailAsync(string failure, CancellationToken ct)
    {
        var result = await RunAsync(ct);
        return result.Succeeded ? result.Output : throw new StartupException($"{failure}: {result.LastLine}");
    }

    private ProcessStartInfo StartInfo()
    {
        var info = new ProcessStartInfo(Program, Arguments)
        {
            WorkingDirectory = Directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The caller's PGHOST, PGDATA and their kin speak of another server.
        foreach (var name in info.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            info.Environment.Remove(name);
        info.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in Environment)
            info.Environment[name] = value;
        return info;
    }
}

/// <param name="Status">The exit status; 127 when the program was not found.</param>
/// <param name="Output">What it printed, errors last.</param>
internal sealed record CommandResult(int Status, string Output)
{
    public bool Succeeded => Status == 0;

    public string LastLine => Output.Length == 0 ? $"exit status {Status}" : Output[(Output.LastIndexOf('\n') + 1)..];
}
