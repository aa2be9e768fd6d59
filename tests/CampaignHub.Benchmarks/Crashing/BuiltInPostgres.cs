using System.Globalization;
using CampaignHub.Server.Platform.Postgres;
using Npgsql;

namespace CampaignHub.Benchmarks.Crashing;

/// <summary>The PostgreSQL that the service runs itself, found from outside by the identity in its data directory.</summary>
internal sealed class BuiltInPostgres
{
    private readonly string _data;

    private BuiltInPostgres(string data) => _data = data;

    /// <summary>To its database, while it runs.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = Path.GetFullPath(ReadPidFile()[4].Trim(), _data),
        Username = Cluster.Superuser,
        Database = EmbeddedPostgres.DefaultDatabase,
        Pooling = false,
    }.ConnectionString;

    /// <summary>The cluster lies in the data directory itself, or in the system's where root runs the service.</summary>
    public static BuiltInPostgres Of(string dataDirectory)
    {
        var identity = ulong.Parse(File.ReadAllText(Path.Combine(dataDirectory, "postgres.identity")), CultureInfo.InvariantCulture);
        string[] homes = [Path.Combine(dataDirectory, "postgres"), .. Directory.Exists(Cluster.SystemDirectory) ? Directory.GetDirectories(Cluster.SystemDirectory) : []];
        return new BuiltInPostgres(homes.Select(home => Path.Combine(home, "data")).First(data => IdentityOf(data) == identity));
    }

    /// <summary>The postmaster and all its children.</summary>
    public IReadOnlyList<int> Processes() => ProcessTree.Of(int.Parse(ReadPidFile()[0], CultureInfo.InvariantCulture));

    private string[] ReadPidFile() => File.ReadAllLines(Path.Combine(_data, "postmaster.pid"));

    // The first field of PostgreSQL's control file.
    private static ulong? IdentityOf(string data)
    {
        var control = Path.Combine(data, "global", "pg_control");
        return File.Exists(control) ? BitConverter.ToUInt64(File.ReadAllBytes(control)) : null;
    }
}
