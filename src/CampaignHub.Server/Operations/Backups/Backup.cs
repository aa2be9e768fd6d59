using System.Reflection;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Migrations;
using CampaignHub.Server.Platform.Postgres;
using CampaignHub.Server.Tracking.Spool;
using NodaTime;
using Npgsql;

namespace CampaignHub.Server.Operations.Backups;

/// <summary>
/// Writes database, key ring and the hits that wait for the database into one file. A service that works meanwhile goes on: the database is dumped as it is at
/// one moment.
/// </summary>
internal static class Backup
{
    /// <summary>What there is of CampaignHub in a database. Hangfire's schema is left out: its alarms are set anew.</summary>
    public static readonly string[] Schemas = [SchemaMigrator.Schema, "campaignhub_staging"];

    /// <exception cref="StartupException">One sentence on what is in the way; no file was written then.</exception>
    public static async Task TakeAsync(IConfiguration settings, string file, IClock clock, ILogger log, CancellationToken ct)
    {
        file = Path.GetFullPath(file);
        if (File.Exists(file))
            throw new StartupException($"{file} is there already: name another file.");
        if (!Directory.Exists(Path.GetDirectoryName(file)))
            throw new StartupException($"The directory of {file} does not exist: make it, or name another file.");
        var running = RunningPostgres.Find(settings);
        using var directory = running is null ? DataDirectory.Open(settings) : DataDirectory.Visit(settings);
        var ring = ReadRing(new KeyRingFile(settings, directory));
        await using var started = running is null ? await PostgresServer.OpenAsync(settings, directory, log, ct) : null;
        await WriteAsync(file, ring, new SpoolFiles(directory.FullPath), running ?? started!.ConnectionString, clock.GetCurrentInstant(), ct);
    }

    private static async Task WriteAsync(string file, string ring, SpoolFiles spool, string connectionString, Instant now, CancellationToken ct)
    {
        var manifest = await DescribeAsync(connectionString, KeyRing.Parse(ring).Fingerprint, now, ct);
        var programs = await DumpPrograms.FindAsync(manifest.Postgres, ct);
        using var parts = new Workplace(file + ".parts");
        await File.WriteAllTextAsync(parts.PathOf(BackupFile.KeyRing), ring, ct);
        // Before the dump: what is folded in meanwhile is in both, and known by its ids.
        await using (var hits = File.Create(parts.PathOf(BackupFile.Hits)))
            await spool.CopyAsync(hits, ct);
        await programs.DumpAsync(connectionString, Schemas, parts.PathOf(BackupFile.Dump), ct);
        await BackupFile.WriteAsync(file, parts, manifest, ct);
    }

    private static string ReadRing(KeyRingFile file)
    {
        if (!file.Exists)
            throw new StartupException($"The key ring {file.Place} is not there, and a backup without it is worth nothing: name it with CampaignHub__KeyRing.");
        var text = file.Read();
        KeyRingFile.Parse(text, file.Place);
        return text;
    }

    private static async Task<BackupManifest> DescribeAsync(string connectionString, string fingerprint, Instant now, CancellationToken ct)
    {
        await using var connection = await PostgresServer.ConnectAsync(connectionString, ct);
        await using (var look = new NpgsqlCommand("SELECT to_regclass('campaignhub.installation') IS NOT NULL", connection))
            if (await look.ExecuteScalarAsync(ct) is not true)
                throw new StartupException("The database holds no CampaignHub, so there is nothing to back up.");
        await using var command = new NpgsqlCommand("""
            SELECT current_setting('server_version_num')::int / 10000, current_user::text,
                   (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user),
                   (SELECT max(scriptname) FROM campaignhub.schema_versions),
                   (SELECT key_ring_fingerprint FROM campaignhub.installation)
            """, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var login = row.GetString(1);
        if (!row.GetBoolean(2))
            throw new StartupException($"The database user {login} may not read past row-level security, as a backup must: run ALTER ROLE \"{login}\" BYPASSRLS as a superuser.");
        if (await row.IsDBNullAsync(4, ct) || row.GetString(4) != fingerprint)
            throw new StartupException("The key ring here is not the one that the database belongs to: name the right one with CampaignHub__KeyRing.");
        return new BackupManifest
        {
            Program = typeof(Backup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            Postgres = row.GetInt32(0),
            Login = login,
            Schema = row.GetString(3),
            KeyRing = fingerprint,
            TakenAt = now,
        };
    }
}
