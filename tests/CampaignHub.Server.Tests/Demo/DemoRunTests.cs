using System.Diagnostics;

namespace CampaignHub.Server.Tests.Demo;

public sealed class DemoRunTests
{
    [Fact]
    public async Task Asked_to_stay_it_prints_lines_that_work_as_pasted_and_ends_when_told_leaving_nothing()
    {
        using var demo = DemoProcess.Start("--stay");
        demo.ReadTo("All 31 checks hold.");
        var lines = demo.ReadTo("Ctrl-C ends it all.").Where(line => line.StartsWith("  ", StringComparison.Ordinal)).ToList();

        var answers = await PasteAsync(lines);

        lines.Count(line => line.Contains("curl", StringComparison.Ordinal)).ShouldBe(5);
        answers.ShouldContain("\"without_privacy_proxies\"");
        answers.ShouldContain("\"instants\"");
        answers.ShouldContain("\"by\":\"time_zone\"");
        answers.ShouldContain("\"timing\"");
        answers.ShouldContain("\nList-Unsubscribe-Post: List-Unsubscribe=One-Click");
        demo.Remains().Count.ShouldBeGreaterThan(2); // its stage, itself, PostgreSQL
        (await demo.TerminateAsync()).ShouldBe(0);
        demo.Remains().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("== Starting PostgreSQL")]
    [InlineData("== Importing")]
    [InlineData("wave  2")]
    public async Task Interrupted_at_any_moment_it_ends_and_leaves_nothing(string moment)
    {
        using var demo = DemoProcess.Start();
        demo.ReadTo(moment);

        (await demo.TerminateAsync()).ShouldBe(130);

        demo.ReadTo("Interrupted.").ShouldAllBe(line => !line.Contains("ERR", StringComparison.Ordinal));
        demo.Remains().ShouldBeEmpty();
    }

    /// <summary>As into a shell, where any error of HTTP is one of the line.</summary>
    private static async Task<string> PasteAsync(IEnumerable<string> lines)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-e"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await shell.StandardInput.WriteLineAsync("curl() { command curl --fail-with-body \"$@\"; }");
        foreach (var line in lines)
            await shell.StandardInput.WriteLineAsync(line);
        shell.StandardInput.Close();
        var answers = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        shell.ExitCode.ShouldBe(0, answers);
        return answers;
    }
}
