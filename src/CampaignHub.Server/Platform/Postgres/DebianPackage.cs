namespace CampaignHub.Server.Platform.Postgres;

/// <summary>Debian's own PostgreSQL, installed by root without the cluster that the package would otherwise make and start.</summary>
internal static class DebianPackage
{
    private const string ClusterSettings = "/etc/postgresql-common/createcluster.conf";

    private static readonly Dictionary<string, string> Quiet = new() { ["DEBIAN_FRONTEND"] = "noninteractive" };

    /// <summary>False when this is no Debian, or the package cannot be had; why is logged.</summary>
    public static async Task<bool> InstallAsync(int? major, ILogger log, CancellationToken ct)
    {
        if (!File.Exists("/usr/bin/apt-get"))
            return false;
        var package = major is null ? "postgresql" : $"postgresql-{major}";
        log.LogInformation("Installing Debian's package {Package}, because no PostgreSQL was found.", package);
        // An outdated or partly unreachable index may still serve: the installation decides.
        await AptAsync(["update", "-qq"], ct);
        var result = await AptAsync(["install", "-y", "-qq", "--no-install-recommends", "postgresql-common"], ct);
        if (result.Succeeded)
            result = await InstallWithoutClusterAsync(package, ct);
        if (!result.Succeeded)
            log.LogWarning("Debian's package {Package} could not be installed: {Reason}", package, result.LastLine);
        return result.Succeeded;
    }

    /// <summary>The package reads this file while it is configured; afterwards the machine has the administrator's own again.</summary>
    private static async Task<CommandResult> InstallWithoutClusterAsync(string package, CancellationToken ct)
    {
        var original = await File.ReadAllTextAsync(ClusterSettings, ct);
        await File.WriteAllTextAsync(ClusterSettings, original + "\ncreate_main_cluster = false\n", ct);
        try
        {
            return await AptAsync(["install", "-y", "-qq", "--no-install-recommends", package], ct);
        }
        finally
        {
            await File.WriteAllTextAsync(ClusterSettings, original, CancellationToken.None);
        }
    }

    // Waits for another apt on the machine, for instance another instance's, for up to two minutes.
    private static Task<CommandResult> AptAsync(string[] arguments, CancellationToken ct) =>
        new Command("apt-get", ["-o", "DPkg::Lock::Timeout=120", .. arguments]) { Environment = Quiet }.RunAsync(ct);
}
