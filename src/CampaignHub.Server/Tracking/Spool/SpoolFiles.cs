using System.Globalization;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Tracking.Spool;

/// <summary>The spool's files in a data directory: numbered ones, and a folder for what was set aside. A backup copies them too.</summary>
internal sealed class SpoolFiles(string dataDirectory)
{
    private const string Ending = ".hits";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Place { get; } = Path.Combine(dataDirectory, "spool");

    public string AsidePlace => Path.Combine(Place, "aside");

    public void Prepare() => Directory.CreateDirectory(AsidePlace, OwnerOnly | UnixFileMode.UserExecute);

    /// <summary>In order; none where no service has run.</summary>
    public IReadOnlyList<string> Segments() =>
        Directory.Exists(Place) ? [.. Directory.EnumerateFiles(Place, "*" + Ending).Order(StringComparer.Ordinal)] : [];

    public int CountAside() => Directory.Exists(AsidePlace) ? Directory.EnumerateFiles(AsidePlace).Count() : 0;

    /// <summary>A new file behind all others, known to the directory before anything stands in it.</summary>
    public FileStream Create()
    {
        // What was set aside bears its file's number, which therefore isn't given again.
        var last = Segments().Concat(Directory.EnumerateFiles(AsidePlace)).Select(NumberOf).DefaultIfEmpty().Max();
        var stream = Write(Path.Combine(Place, (last + 1).ToString("D12", CultureInfo.InvariantCulture) + Ending));
        DurableFile.SyncDirectory(Place);
        return stream;
    }

    /// <summary>
    /// Writes all that waits into one stream, in order, while a service may go on. A file that is gone meanwhile was
    /// committed to the database before.
    /// </summary>
    public async Task CopyAsync(Stream to, CancellationToken ct)
    {
        foreach (var segment in Segments())
        {
            try
            {
                await using var from = new FileStream(segment, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                await from.CopyToAsync(to, ct);
            }
            catch (FileNotFoundException)
            {
                // Folded in.
            }
        }
    }

    /// <summary>Lets what was copied wait behind all that is here; what is known already is known by its ids.</summary>
    public async Task PutBackAsync(Stream copy, CancellationToken ct)
    {
        Prepare();
        await using var segment = Create();
        await copy.CopyToAsync(segment, ct);
        segment.Flush(flushToDisk: true);
    }

    /// <summary>Keeps bytes under a name, and answers where; null where they were kept before.</summary>
    public string? SetAside(string name, ReadOnlyMemory<byte> bytes)
    {
        var path = Path.Combine(AsidePlace, name + Ending);
        if (new FileInfo(path) is { Exists: true } kept && kept.Length == bytes.Length)
            return null;
        using (var stream = Write(path))
        {
            stream.Write(bytes.Span);
            stream.Flush(flushToDisk: true);
        }
        DurableFile.SyncDirectory(AsidePlace);
        return path;
    }

    private static long NumberOf(string path) => long.Parse(Path.GetFileNameWithoutExtension(path).Split('-')[0], CultureInfo.InvariantCulture);

    private static FileStream Write(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Create,
        Access = FileAccess.Write,
        Share = FileShare.Read,
        BufferSize = 0,
        UnixCreateMode = OwnerOnly,
    });
}
