using System.Globalization;
using System.Text.RegularExpressions;

namespace CampaignHub.Server.Platform.Postgres;

/// <summary>A directory with <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c> of one version.</summary>
internal sealed partial record PostgresBinaries(string Directory, Version Version)
{
    public const int OldestMajor = 15;

    public string Initdb => Path.Combine(Directory, "initdb");

    public string Control => Path.Combine(Directory, "pg_ctl");

    /// <summary>
    /// Finds the newest on this machine, or fetches one: Debian's package as root, else the npm package. Nothing is
    /// fetched while something on the machine will do.
    /// </summary>
    /// <param name="major">The version that an existing cluster was made by, which alone can open it.</param>
    /// <param name="log">Says what is fetched, because that takes a while.</param>
    /// <param name="ct">Ends the search and the download.</param>
    public static async Task<PostgresBinaries> ObtainAsync(int? major, ILogger log, CancellationToken ct)
    {
        if (await FindAsync(major, ct) is { } found)
            return found;
        if (Environment.IsPrivilegedProcess && await DebianPackage.InstallAsync(major, log, ct)
            && await FindAsync(major, ct) is { } packaged)
            return packaged;
        if ((major ?? NpmPackage.Major) == NpmPackage.Major && await NpmPackage.InstallAsync(log, ct) is { } directory
            && await InspectAsync(directory, ct) is { } unpacked)
            return unpacked;
        throw new StartupException(major is null
            ? $"No PostgreSQL {OldestMajor} or later was found or could be fetched: install it (apt-get install postgresql), or set ConnectionStrings__CampaignHub."
            : $"The built-in database was made by PostgreSQL {major}, which is not on this machine: install it (apt-get install postgresql-{major}).");
    }

    /// <summary>The newest on this machine that fits.</summary>
    public static async Task<PostgresBinaries?> FindAsync(int? major, CancellationToken ct)
    {
        var found = new List<PostgresBinaries>();
        foreach (var directory in Places("postgres").Distinct())
            if (await InspectAsync(directory, ct) is { } binaries && binaries.Fits(major))
                found.Add(binaries);
        return found.MaxBy(binaries => binaries.Version);
    }

    private bool Fits(int? major) => Version.Major >= OldestMajor && (major is null || Version.Major == major);

    /// <summary>Where on this machine one of PostgreSQL's programs may be, with its kin.</summary>
    public static IEnumerable<string> Places(string program)
    {
        const string debian = "/usr/lib/postgresql";
        if (System.IO.Directory.Exists(debian))
            foreach (var version in System.IO.Directory.EnumerateDirectories(debian))
                yield return Path.Combine(version, "bin");
        foreach (var entry in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            if (new FileInfo(Path.Combine(entry, program)) is { Exists: true } found)
                // A link into the real directory, which has the other programs too.
                yield return Path.GetDirectoryName((found.ResolveLinkTarget(returnFinalTarget: true) ?? found).FullName)!;
    }

    private static async Task<PostgresBinaries?> InspectAsync(string directory, CancellationToken ct)
    {
        if (!new[] { "initdb", "pg_ctl", "postgres" }.All(program => File.Exists(Path.Combine(directory, program))))
            return null;
        return await VersionOfAsync(Path.Combine(directory, "postgres"), ct) is { } version ? new PostgresBinaries(directory, version) : null;
    }

    /// <summary>What one of PostgreSQL's programs says of its version; null where it is none.</summary>
    public static async Task<Version?> VersionOfAsync(string program, CancellationToken ct)
    {
        var answer = await new Command(program, "--version").RunAsync(ct);
        return VersionPattern().Match(answer.Output) is { Success: true } match
            ? new Version(
                int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
                int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)\.(\d+)")]
    private static partial Regex VersionPattern();
}
