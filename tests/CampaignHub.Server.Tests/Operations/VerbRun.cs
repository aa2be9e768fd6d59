using System.Diagnostics;

namespace CampaignHub.Server.Tests.Operations;

/// <summary>One verb of the built executable, run to its end as an operator does.</summary>
internal sealed record VerbRun(int Status, string Output, string Errors)
{
    /// <param name="settings">As environment variables.</param>
    /// <param name="arguments">The verb first.</param>
    public static async Task<VerbRun> MakeAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "CampaignHub"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new VerbRun(process.ExitCode, await output, await errors);
    }
}
