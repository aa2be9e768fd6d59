using System.Globalization;

namespace CampaignHub.Server.Platform;

/// <summary>
/// The directory that one running service owns: keys, its node id and, without another database, PostgreSQL.
/// Ownership is an flock on the file <c>lock</c>: it ends with the process, however that ends.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    public const string Setting = "CampaignHub:DataDirectory";
    public const string DefaultPath = ".campaignhub";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream? _lock;

    private DataDirectory(string path, FileStream? held, Func<string, string> readNode)
    {
        FullPath = path;
        _lock = held;
        NodeId = Guid.Parse(readNode(PathOf("node")));
    }

    /// <summary>Absolute, without a trailing separator.</summary>
    public string FullPath { get; }

    /// <summary>Made at the first start and the same ever after: names this node to the others of its cluster.</summary>
    public Guid NodeId { get; }

    /// <exception cref="StartupException">It cannot be created, or another process owns it.</exception>
    public static DataDirectory Open(IConfiguration settings) => Open(settings[Setting] is { Length: > 0 } path ? path : DefaultPath);

    /// <inheritdoc cref="Open(IConfiguration)"/>
    public static DataDirectory Open(string path)
    {
        var full = FullPathOf(path);
        try
        {
            if (!Directory.Exists(full))
                Directory.CreateDirectory(full, OwnerOnly);
            return new DataDirectory(full, Lock(full), place => DurableFile.ReadOrCreate(place, () => Guid.CreateVersion7().ToString()));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new StartupException($"The data directory {full} cannot be used ({e.Message}); name another with CampaignHub__DataDirectory.", e);
        }
    }

    /// <summary>Looks at a directory that another process may own: nothing is locked or made.</summary>
    /// <exception cref="StartupException">No service has ever run on it, or it cannot be read.</exception>
    public static DataDirectory Visit(IConfiguration settings)
    {
        var full = FullPathOf(settings[Setting] is { Length: > 0 } path ? path : DefaultPath);
        try
        {
            return new DataDirectory(full, null, File.ReadAllText);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new StartupException($"{full} is no data directory of a service, or not yours to read ({e.Message}); name the right one with CampaignHub__DataDirectory.", e);
        }
    }

    /// <summary>The path of a file in it.</summary>
    public string PathOf(string name) => Path.Combine(FullPath, name);

    public void Dispose() => _lock?.Dispose();

    private static string FullPathOf(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    // The pid stands in a file of its own, because .NET refuses even to read a file that is locked.
    private static FileStream Lock(string directory)
    {
        var owner = Path.Combine(directory, "owner.pid");
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(owner))
        {
            throw new StartupException(
                $"The data directory {directory} is in use by process {File.ReadAllText(owner)}: stop that process, or name another directory with CampaignHub__DataDirectory.", e);
        }
        File.WriteAllText(owner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return held;
    }
}
