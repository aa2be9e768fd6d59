using System.Globalization;

namespace CampaignHub.Benchmarks;

/// <summary>What Linux counts of processes and their descendants, from /proc.</summary>
internal static class ProcessTree
{
    /// <summary>Linux shows times to programs in hundredths of a second, whatever its own tick.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Processor time of a process and all its descendants, also of those that have ended.</summary>
    public static TimeSpan ProcessorTime(int root) =>
        TimeSpan.FromSeconds(Of(root).Select(Read).Sum(p => p?.Ticks + p?.EndedTicks ?? 0) / TicksPerSecond);

    /// <summary>Processor time of this process's children that have ended.</summary>
    public static TimeSpan OfEndedChildren() => TimeSpan.FromSeconds(Read(Environment.ProcessId)!.EndedTicks / TicksPerSecond);

    /// <summary>The most memory that a process has held so far, in MB (VmHWM).</summary>
    public static int PeakMemory(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>The process and its living descendants.</summary>
    public static IReadOnlyList<int> Of(int root)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path.AsSpan()), out var id) ? Read(id) : null)
            .OfType<Entry>().ToLookup(p => p.Parent, p => p.Id);
        List<int> tree = [root];
        for (var i = 0; i < tree.Count; i++)
            tree.AddRange(children[tree[i]]);
        return tree;
    }

    private static Entry? Read(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            // The name in brackets may hold anything; after it come the state and numbers, see proc_pid_stat(5).
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            long At(int index) => long.Parse(fields[index], CultureInfo.InvariantCulture);
            return new Entry(id, (int)At(1), At(11) + At(12), At(13) + At(14));
        }
        catch (IOException)
        {
            return null; // it has ended
        }
    }

    private sealed record Entry(int Id, int Parent, long Ticks, long EndedTicks);
}
