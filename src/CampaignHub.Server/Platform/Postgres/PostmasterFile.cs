using System.Globalization;

namespace CampaignHub.Server.Platform.Postgres;

/// <summary>What a cluster's server says of itself while it runs, in <c>postmaster.pid</c>.</summary>
internal sealed class PostmasterFile(Cluster cluster)
{
    private readonly string _path = Path.Combine(cluster.Data, "postmaster.pid");

    /// <summary>
    /// True while this cluster's server runs. A pid alone is not believed: it may have gone to another process, or
    /// be a zombie, which has no command line. The mark in the command line is made of the data directory's identity.
    /// </summary>
    public bool IsAlive => Read() is { } lines && IsOurs(lines);

    /// <summary>The pid of the running server; null when there is none.</summary>
    public int? ProcessId => Read() is { } lines && IsOurs(lines) ? int.Parse(lines[0], CultureInfo.InvariantCulture) : null;

    /// <summary>Where a running server listens, as it says itself; null when none runs.</summary>
    public string? SocketDirectory => Read() is { Length: > 4 } lines && IsOurs(lines) ? Path.GetFullPath(lines[4].Trim(), cluster.Data) : null;

    public void Delete() => File.Delete(_path);

    private string[]? Read()
    {
        try
        {
            return File.ReadAllLines(_path) is { Length: > 1 } lines ? lines : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private bool IsOurs(string[] lines) => CommandLineOf(lines[0]).Contains(cluster.ProcessMark, StringComparison.Ordinal);

    private static string CommandLineOf(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
