using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Migrations;
using CampaignHub.Server.Platform.Postgres;
using CampaignHub.Server.Tracking.Spool;
using NodaTime;

namespace CampaignHub.Server.Operations.Backups;

/// <summary>
/// Puts a backup into an empty database and a data directory that has no key ring, or the same. All of it or nothing: what
/// fails empties the database again, and what is killed keeps services out until it is run again.
/// </summary>
internal static class Restore
{
    /// <exception cref="StartupException">One sentence on what is in the way.</exception>
    public static async Task<RestoredWork> RunAsync(IConfiguration settings, string file, IClock clock, ILogger log, CancellationToken ct)
    {
        using var directory = DataDirectory.Open(settings);
        using var parts = new Workplace(directory.PathOf("restore"));
        var manifest = await BackupFile.ReadAsync(Path.GetFullPath(file), parts, ct);
        if (!SchemaMigrator.Known.Contains(manifest.Schema))
            throw new StartupException($"The backup's schema has {manifest.Schema}, which this build does not know: restore with {manifest.Program} or later.");
        var ringText = await File.ReadAllTextAsync(parts.PathOf(BackupFile.KeyRing), ct);
        var place = new KeyRingFile(settings, directory);
        KeptRing.RequireRoomFor(KeyRingFile.Parse(ringText, "The backup's"), place);

        await using var server = await PostgresServer.OpenAsync(settings, directory, log, ct);
        var programs = await DumpPrograms.FindAsync(server.Version / 10000, ct);
        await using var target = await RestoreTarget.PrepareAsync(server, manifest, log, ct);
        try
        {
            await programs.RestoreAsync(server.ConnectionString, parts.PathOf(BackupFile.Dump), ct);
            await target.MigrateAsync(ct);
            var work = await RestoredWork.RestAsync(server.ConnectionString, manifest.TakenAt, clock.GetCurrentInstant(), ct);
            if (!place.Exists)
                DurableFile.Write(place.Place, ringText);
            await PutHitsBackAsync(parts.PathOf(BackupFile.Hits), new SpoolFiles(directory.FullPath), ct);
            await target.FinishAsync();
            return work;
        }
        catch
        {
            await target.ClearAsync();
            throw;
        }
    }

    private static async Task PutHitsBackAsync(string copy, SpoolFiles spool, CancellationToken ct)
    {
        if (new FileInfo(copy) is not { Exists: true, Length: > 0 })
            return;
        await using var hits = File.OpenRead(copy);
        await spool.PutBackAsync(hits, ct);
    }
}
