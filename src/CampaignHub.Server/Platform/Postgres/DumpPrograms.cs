using Npgsql;

namespace CampaignHub.Server.Platform.Postgres;

/// <summary><c>pg_dump</c> and <c>pg_restore</c> of a server's own major version: others write what it can't read.</summary>
internal sealed class DumpPrograms
{
    private readonly string _directory;

    private DumpPrograms(string directory) => _directory = directory;

    /// <param name="major">The server's major version.</param>
    /// <param name="ct">Ends the search.</param>
    /// <exception cref="StartupException">They are not on this machine.</exception>
    public static async Task<DumpPrograms> FindAsync(int major, CancellationToken ct)
    {
        foreach (var directory in PostgresBinaries.Places("pg_dump").Distinct())
            if (File.Exists(Path.Combine(directory, "pg_restore"))
                && (await PostgresBinaries.VersionOfAsync(Path.Combine(directory, "pg_dump"), ct))?.Major == major)
                return new DumpPrograms(directory);
        throw new StartupException($"pg_dump and pg_restore of PostgreSQL {major} are not on this machine: install them (apt-get install postgresql-client-{major}).");
    }

    /// <summary>Writes schemas as they are at one moment, whoever writes meanwhile, in pg_dump's custom format.</summary>
    public Task DumpAsync(string connectionString, IEnumerable<string> schemas, string file, CancellationToken ct) =>
        RunAsync("pg_dump", connectionString, "The database could not be dumped",
            ["--format=custom", "--no-password", "--file=" + file, .. schemas.Select(schema => "--schema=" + schema)], ct);

    /// <summary>Restores into schemas that are there and empty: all of it or nothing.</summary>
    public async Task RestoreAsync(string connectionString, string file, CancellationToken ct)
    {
        var contents = await RunAsync("pg_restore", connectionString, "The dump could not be read", ["--list", file], ct);
        var wanted = file + ".list";
        await File.WriteAllLinesAsync(wanted, contents.Split('\n').Where(line => !line.Contains(" SCHEMA - ", StringComparison.Ordinal)), ct);
        await RunAsync("pg_restore", connectionString, "The database could not be restored",
            ["--dbname=" + DatabaseOf(connectionString), "--use-list=" + wanted, "--single-transaction", "--exit-on-error", "--no-password", file], ct);
    }

    private Task<string> RunAsync(string program, string connectionString, string failure, IReadOnlyList<string> arguments, CancellationToken ct) =>
        new Command(Path.Combine(_directory, program), arguments) { Environment = EnvironmentOf(connectionString) }.RunOrFailAsync(failure, ct);

    // As a connection string of libpq's: a bare name with an equals sign in it would be taken for one.
    private static string DatabaseOf(string connectionString) =>
        $"dbname='{new NpgsqlConnectionStringBuilder(connectionString).Database?.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    /// <summary>The same server, as libpq is told of it. In the environment, since arguments are seen by everybody on the machine.</summary>
    private static Dictionary<string, string> EnvironmentOf(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        return new (string Name, string? Value)[]
        {
            ("PGHOST", settings.Host),
            ("PGPORT", $"{settings.Port}"),
            ("PGUSER", settings.Username),
            ("PGDATABASE", settings.Database),
            ("PGPASSWORD", settings.Password ?? Environment.GetEnvironmentVariable("PGPASSWORD")),
            ("PGPASSFILE", settings.Passfile ?? Environment.GetEnvironmentVariable("PGPASSFILE")),
            ("PGSSLMODE", settings.SslMode switch { SslMode.VerifyCA => "verify-ca", SslMode.VerifyFull => "verify-full", var mode => $"{mode}".ToLowerInvariant() }),
            ("PGSSLROOTCERT", settings.RootCertificate),
            ("PGSSLCERT", settings.SslCertificate),
            ("PGSSLKEY", settings.SslKey),
        }.Where(variable => variable.Value is { Length: > 0 }).ToDictionary(variable => variable.Name, variable => variable.Value!);
    }
}
