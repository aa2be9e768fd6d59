using CampaignHub.Server.Platform.Postgres;

namespace CampaignHub.Benchmarks.Sending;

/// <summary>
/// Postfix's test programs, which are what the wire can do: smtp-source sends, smtp-sink takes and counts. Found where
/// they are installed, else taken out of Debian's package into the user's cache; its daemon is never set up.
/// </summary>
/// <param name="Source">Path of smtp-source.</param>
/// <param name="Sink">Path of smtp-sink.</param>
/// <param name="Libraries">The folder of their libraries, where that isn't the system's.</param>
internal sealed record Postfix(string Source, string Sink, string? Libraries)
{
    public const string Missing = "smtp-source and smtp-sink were not found, nor could they be fetched: install Debian's package postfix, or run apt-get update and try again.";

    private static readonly string s_cache = Path.Combine(CacheOfUser, "campaignhub", "postfix");

    /// <summary>Null where they can't be had.</summary>
    public static async Task<Postfix?> FindAsync() => Installed() ?? Unpacked() ?? (await FetchAsync() ? Unpacked() : null);

    /// <summary>What their processes need in the environment.</summary>
    public void Prepare(IDictionary<string, string?> environment)
    {
        if (Libraries is not null)
            environment["LD_LIBRARY_PATH"] = Libraries;
    }

    private static string CacheOfUser => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
        : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".cache")
        : Path.GetTempPath();

    private static Postfix? Installed() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
        .Select(folder => In(folder, libraries: null)).FirstOrDefault(found => found is not null);

    private static Postfix? Unpacked() => In(Path.Combine(s_cache, "usr/sbin"), Path.Combine(s_cache, "usr/lib/postfix"));

    private static Postfix? In(string folder, string? libraries)
    {
        var found = new Postfix(Path.Combine(folder, "smtp-source"), Path.Combine(folder, "smtp-sink"), libraries);
        return File.Exists(found.Source) && File.Exists(found.Sink) ? found : null;
    }

    private static async Task<bool> FetchAsync()
    {
        var place = Directory.CreateTempSubdirectory("campaignhub-postfix-");
        try
        {
            Directory.CreateDirectory(s_cache);
            await new Command("apt-get", "download", "postfix") { Directory = place.FullName }.RunAsync(CancellationToken.None);
            return place.EnumerateFiles("*.deb").FirstOrDefault() is { } package
                && (await new Command("dpkg", "-x", package.FullName, s_cache).RunAsync(CancellationToken.None)).Succeeded;
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }
}
