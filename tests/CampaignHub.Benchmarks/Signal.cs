using System.Diagnostics;

namespace CampaignHub.Benchmarks;

/// <summary>Signals that .NET can't send: any, and to many processes at one moment.</summary>
internal static class Signal
{
    /// <summary>Returns once it is sent. A process that has ended meanwhile is passed over.</summary>
    public static async Task SendAsync(string name, params int[] processes)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"kill -{name} {string.Join(' ', processes)} 2>/dev/null"]);
        using var shell = Process.Start(start)!;
        await shell.WaitForExitAsync();
    }
}
