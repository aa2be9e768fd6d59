using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CampaignHub.Server.Platform.Postgres;

/// <summary>
/// The files of the built-in PostgreSQL: its place, who owns it, and the identity by which an instance knows its own.
/// Layout of <see cref="Home"/>: <c>data</c> (the cluster), <c>socket</c>, <c>log</c>, <c>startup.log</c>.
/// </summary>
internal sealed class Cluster
{
    /// <summary>Root's clusters live here, because PostgreSQL's user cannot enter an owner-only home.</summary>
    public const string SystemDirectory = "/var/lib/campaignhub";

    public const string Superuser = "campaignhub";

    /// <summary>Linux allows 107 bytes for a socket's path; its name takes 14.</summary>
    private const int LongestSocketDirectory = 90;

    private readonly DataDirectory _owner;
    private readonly string _record;

    public Cluster(DataDirectory owner, ServerAccount account)
    {
        _owner = owner;
        _record = owner.PathOf("postgres.identity");
        Account = account;
        // The node id too: a new data directory at an old one's path is another instance.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{owner.FullPath}\n{owner.NodeId}")))[..16];
        Home = account.IsSeparate ? Path.Combine(SystemDirectory, hash) : owner.PathOf("postgres");
        ProcessMark = "cluster_name=campaignhub-" + hash;
    }

    public ServerAccount Account { get; }

    public string Home { get; }

    public string Data => Path.Combine(Home, "data");

    public bool Exists => File.Exists(Path.Combine(Data, "PG_VERSION"));

    /// <summary>The major version that made the cluster and alone can open it; null before there is one.</summary>
    public int? Major => Exists ? int.Parse(File.ReadAllText(Path.Combine(Data, "PG_VERSION")), CultureInfo.InvariantCulture) : null;

    /// <summary>An argument of this cluster's postmaster and of no other process.</summary>
    public string ProcessMark { get; }

    /// <summary>PostgreSQL's own 64-bit identity of the cluster: the first field of its control file.</summary>
    public ulong SystemIdentifier
    {
        get
        {
            using var file = File.OpenRead(Path.Combine(Data, "global", "pg_control"));
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            file.ReadExactly(bytes);
            return BitConverter.ToUInt64(bytes);
        }
    }

    /// <summary>Makes the cluster unless it is there, and checks that it is the one this data directory recorded.</summary>
    public async Task PrepareAsync(PostgresBinaries binaries, CancellationToken ct)
    {
        if (Account.IsSeparate)
            Directory.CreateDirectory(SystemDirectory);
        await Account.MakeDirectoryAsync(Home, ct);
        if (!Exists && !File.Exists(_record))
            await InitializeAsync(binaries, ct);
        Recognise();
    }

    /// <summary>An owner-only directory whose path is short enough; it must outlive restarts of PostgreSQL under a running service.</summary>
    public async Task<string> MakeSocketDirectoryAsync(CancellationToken ct)
    {
        var inside = Path.Combine(Home, "socket");
        if (Encoding.UTF8.GetByteCount(inside) > LongestSocketDirectory)
            return await Account.Run(new Command("mktemp", "--directory", "/tmp/campaignhub-XXXXXXXXXX"))
                .RunOrFailAsync("No directory for the built-in PostgreSQL's socket can be made", ct);
        await Account.MakeDirectoryAsync(inside, ct);
        return inside;
    }

    /// <summary>Removes the stopped cluster for good.</summary>
    public void Delete()
    {
        if (Directory.Exists(Home))
            Directory.Delete(Home, recursive: true);
        File.Delete(_record);
    }

    // Under another name first: a cluster called "data" is complete, whenever the process dies.
    private async Task InitializeAsync(PostgresBinaries binaries, CancellationToken ct)
    {
        var draft = Path.Combine(Home, "data.new");
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        // Only the owner of the socket's directory gets as far as authentication, so there is no password to keep.
        var initdb = new Command(binaries.Initdb, "--pgdata=data.new", "--username=" + Superuser, "--encoding=UTF8", "--locale=C",
            "--lc-ctype=C.UTF-8", "--data-checksums", "--auth-local=trust", "--auth-host=reject");
        await Account.Run(initdb with { Directory = Home }).RunOrFailAsync("The built-in PostgreSQL could not be set up", ct);
        Directory.Move(draft, Data);
    }

    private void Recognise()
    {
        if (!Exists)
            throw new StartupException($"The built-in database of {_owner.FullPath} is not in {Home}: if the data directory was moved or its owner changed, undo that; else restore it from a backup, or start with a new data directory.");
        var identity = $"{SystemIdentifier}";
        if (DurableFile.ReadOrCreate(_record, () => identity + "\n").Trim() != identity)
            throw new StartupException($"The PostgreSQL cluster in {Home} is not the one that belongs to {_owner.FullPath}: put the right one back, or start with a new data directory.");
    }
}
