namespace CampaignHub.Server.Platform.Postgres;

/// <summary>
/// Who PostgreSQL runs as. It refuses root, so root gives it a system user of its own; anybody else runs it as
/// themselves.
/// </summary>
internal sealed class ServerAccount
{
    private const string OwnUser = "campaignhub";

    // Where no user can be added (a read-only /etc), nobody will do.
    private const string Nobody = "65534";

    private readonly string? _user;

    private ServerAccount(string? user) => _user = user;

    /// <summary>All that a cluster's files may belong to: enough to find a server that runs, and nobody is added for it.</summary>
    public static IReadOnlyList<ServerAccount> Possible { get; } = [new(null), new(OwnUser)];

    /// <summary>True when the service is root and PostgreSQL is somebody else.</summary>
    public bool IsSeparate => _user is not null;

    public static async Task<ServerAccount> ChooseAsync(CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess)
            return new ServerAccount(null);
        if (!await ExistsAsync(ct))
            await new Command("useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
                "--shell", "/usr/sbin/nologin", OwnUser).RunAsync(ct);
        // Asked again rather than trusting useradd: another instance may have been first.
        return new ServerAccount(await ExistsAsync(ct) ? OwnUser : Nobody);
    }

    /// <summary>A directory that only this account (and root) can enter.</summary>
    public async Task MakeDirectoryAsync(string path, CancellationToken ct)
    {
        string[] owner = _user is null ? [] : ["--owner=" + _user, "--group=" + _user];
        await new Command("install", ["--directory", "--mode=0700", .. owner, "--", path])
            .RunOrFailAsync($"The directory {path} for the built-in PostgreSQL cannot be made", ct);
    }

    /// <summary>The same command, run as this account.</summary>
    public Command Run(Command command) => _user is null
        ? command
        : command with
        {
            Program = "setpriv",
            Arguments = ["--reuid=" + _user, "--regid=" + _user, "--clear-groups", "--", command.Program, .. command.Arguments],
        };

    private static async Task<bool> ExistsAsync(CancellationToken ct) => (await new Command("id", "-u", OwnUser).RunAsync(ct)).Succeeded;
}
