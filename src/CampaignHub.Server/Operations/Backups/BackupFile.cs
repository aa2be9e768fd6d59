using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Json;

namespace CampaignHub.Server.Operations.Backups;

/// <summary>
/// The one file of a backup: a tar with the manifest, the key ring, the dump and the hits that wait. Whole or absent, and readable by its
/// owner only, because it holds every secret.
/// </summary>
internal static class BackupFile
{
    public const string KeyRing = "keyring";
    public const string Dump = "database.dump";

    /// <summary>Missing in backups from before there was a spool.</summary>
    public const string Hits = "hits.spool";

    private const string Manifest = "manifest.json";

    private static readonly string[] s_hashed = [KeyRing, Dump, Hits];

    /// <summary>Makes it of the parts in a workplace.</summary>
    public static async Task WriteAsync(string file, Workplace parts, BackupManifest manifest, CancellationToken ct)
    {
        var hashes = new Dictionary<string, string>();
        foreach (var name in s_hashed)
            hashes[name] = await HashAsync(parts.PathOf(name), ct);
        await File.WriteAllTextAsync(parts.PathOf(Manifest), JsonSerializer.Serialize(manifest with { Sha256 = hashes }, ApiJson.Options), ct);
        var draft = parts.PathOf("backup");
        await using (var stream = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            await using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
                foreach (var name in s_hashed.Prepend(Manifest))
                    await tar.WriteEntryAsync(parts.PathOf(name), name, ct);
            stream.Flush(flushToDisk: true);
        }
        File.Move(draft, file, overwrite: false);
        DurableFile.SyncDirectory(Path.GetDirectoryName(file)!);
    }

    /// <summary>Takes it apart into a workplace, each part checked by its hash.</summary>
    /// <exception cref="StartupException">It isn't there, or isn't as it was written.</exception>
    public static async Task<BackupManifest> ReadAsync(string file, Workplace parts, CancellationToken ct)
    {
        if (!File.Exists(file))
            throw new StartupException($"There is no backup {file}: name the file that ./hub backup wrote.");
        try
        {
            await ExtractAsync(file, parts, ct);
            var manifest = JsonSerializer.Deserialize<BackupManifest>(await File.ReadAllTextAsync(parts.PathOf(Manifest), ct), ApiJson.Options)!;
            foreach (var name in s_hashed.Where(name => name != Hits || manifest.Sha256.ContainsKey(Hits)))
                if (await HashAsync(parts.PathOf(name), ct) != manifest.Sha256.GetValueOrDefault(name))
                    throw new InvalidDataException($"{name} is not what was backed up");
            return manifest;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException or JsonException)
        {
            throw new StartupException($"{file} is damaged, or no backup of CampaignHub's ({e.Message.TrimEnd('.')}): nothing was restored; take another one.", e);
        }
    }

    private static async Task ExtractAsync(string file, Workplace parts, CancellationToken ct)
    {
        await using var stream = File.OpenRead(file);
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
            // No other name than these gets near the file system.
            if (s_hashed.Append(Manifest).Contains(entry.Name))
                await entry.ExtractToFileAsync(parts.PathOf(entry.Name), overwrite: false, ct);
    }

    private static async Task<string> HashAsync(string path, CancellationToken ct)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct));
    }
}
