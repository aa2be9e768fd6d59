using System.Diagnostics;

namespace CampaignHub.Benchmarks;

/// <summary>How far it is: once a second on one line of a terminal, every ten seconds on a line of its own elsewhere.</summary>
internal sealed class Progress
{
    private static readonly int s_interval = Console.IsOutputRedirected ? 10 : 1;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _next = s_interval;

    public void Show(Func<string> text)
    {
        var seconds = (int)_watch.Elapsed.TotalSeconds;
        if (seconds < _next)
            return;
        _next = seconds + s_interval;
        var line = $"  {seconds,4} s  {text()}";
        if (Console.IsOutputRedirected)
            Console.WriteLine(line);
        else
            Console.Write($"\r{line}\e[K");
    }

    /// <summary>Clears the terminal's line for what is to stay.</summary>
    public static void Clear()
    {
        if (!Console.IsOutputRedirected)
            Console.Write("\r\e[K");
    }
}
