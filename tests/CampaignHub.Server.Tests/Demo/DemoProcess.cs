using System.Collections.Concurrent;
using System.Diagnostics;

namespace CampaignHub.Server.Tests.Demo;

/// <summary><c>demo</c> as a process of its own, all that it makes in a directory of its own.</summary>
internal sealed class DemoProcess : IDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("campaignhub-demo-test-");
    private readonly BlockingCollection<string> _lines = [];
    private readonly Process _process;

    private DemoProcess(string[] args)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "CampaignHub"), ["demo", .. args])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["TMPDIR"] = _place.FullName },
            },
        };
        _process.OutputDataReceived += (_, line) => _lines.Add(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _lines.Add(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public static DemoProcess Start(params string[] args) => new(args);

    /// <summary>Reads on to the line that begins so, and answers what came until then.</summary>
    public IReadOnlyList<string> ReadTo(string beginning)
    {
        List<string> read = [];
        while (_lines.TryTake(out var line, TimeSpan.FromMinutes(3)))
        {
            read.Add(line);
            if (line.TrimStart().StartsWith(beginning, StringComparison.Ordinal))
                return read;
        }
        throw new TimeoutException($"The demo did not come to '{beginning}'. It said:\n{string.Join('\n', read)}");
    }

    /// <summary>Sends SIGTERM, and answers the exit status.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"]);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>What is in its directory, and which processes were started from within it.</summary>
    public IReadOnlyList<string> Remains() =>
        [.. _place.EnumerateFileSystemInfos().Select(e => e.FullName), .. Directory.EnumerateDirectories("/proc").Where(IsOfThisDemo)];

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        _lines.Dispose();
        _place.Delete(recursive: true);
    }

    /// <summary>Whatever it starts inherits its environment.</summary>
    private bool IsOfThisDemo(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ")).Contains("TMPDIR=" + _place.FullName, StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
