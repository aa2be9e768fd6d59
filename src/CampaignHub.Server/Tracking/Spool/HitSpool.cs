using System.Globalization;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Tracking.Spool;

/// <summary>
/// Where hits wait that PostgreSQL can't take now: files in the data directory that only grow, each folded into the table
/// and removed in the order of their numbers. What a crash has left of a file is never written to again.
/// </summary>
internal sealed partial class HitSpool(Settings settings, Node node, TrackingMetrics metrics, ILogger<HitSpool> log) : IDisposable
{
    private const int SegmentBytes = 4 << 20;

    private readonly Lock gate = new();
    private readonly SpoolFiles files = new(node.DataDirectory);
    private readonly long limit = settings.Tracking.SpoolMegabytes * 1_000_000L;
    private FileStream? current;
    private long bytes;
    private bool refuses;

    /// <summary>Of hits that wait.</summary>
    public long Bytes => Volatile.Read(ref bytes);

    /// <summary>Where damaged pieces are kept, and how many.</summary>
    public (string Place, int Count) Aside => (files.AsidePlace, files.CountAside());

    /// <exception cref="StartupException">The files can't be used.</exception>
    public void Open()
    {
        try
        {
            files.Prepare();
            bytes = files.Segments().Sum(segment => new FileInfo(segment).Length);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The spool of hits {files.Place} cannot be used ({fault.Message}): make it writable.", fault);
        }
        if (bytes > 0)
            LogFound(bytes);
    }

    /// <summary>True once the hits are on the disk; false where there is no room, or the disk fails.</summary>
    public bool TryAppend(IReadOnlyCollection<ReceivedHit> hits)
    {
        var frames = SpooledHits.Write(hits);
        lock (gate)
        {
            if (bytes + frames.Length > limit || !TryAppend(frames.Span))
            {
                if (!refuses)
                    LogRefusal(bytes, limit);
                refuses = true;
                return false;
            }
            refuses = false;
        }
        metrics.Spooled(hits.Count);
        return true;
    }

    /// <summary>The file whose turn it is to be folded in, which nobody writes any more; null where none waits.</summary>
    public string? Oldest()
    {
        lock (gate)
        {
            var oldest = files.Segments() is [var first, ..] ? first : null;
            if (oldest is not null && oldest == current?.Name)
                Close();
            return oldest;
        }
    }

    /// <summary>All of its hits are stored.</summary>
    public void Remove(string segment)
    {
        lock (gate)
        {
            var length = new FileInfo(segment).Length;
            File.Delete(segment);
            Volatile.Write(ref bytes, bytes - length);
        }
    }

    /// <summary>Takes away an end that was being written when the power went: its hits were never answered as stored.</summary>
    public void Cut(string segment, int length)
    {
        lock (gate)
        {
            using var stream = new FileStream(segment, FileMode.Open, FileAccess.Write, FileShare.Read);
            var cut = stream.Length - length;
            stream.SetLength(length);
            stream.Flush(flushToDisk: true);
            Volatile.Write(ref bytes, bytes - cut);
            LogCut(cut, segment);
        }
    }

    /// <summary>Keeps what can't be folded in, in a file of its own.</summary>
    public void SetAside(string segment, int offset, ReadOnlyMemory<byte> piece, string reason)
    {
        if (files.SetAside(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(segment)}-{offset}"), piece) is not { } place)
            return;
        metrics.SetAside();
        LogSetAside(piece.Length, place, reason);
    }

    public void Dispose() => current?.Dispose();

    private bool TryAppend(ReadOnlySpan<byte> frames)
    {
        try
        {
            current ??= files.Create();
            Write(current, frames);
            Volatile.Write(ref bytes, bytes + frames.Length);
            if (current.Position >= SegmentBytes)
                Close();
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            LogFault(fault);
            Close();
            return false;
        }
    }

    private static void Write(FileStream segment, ReadOnlySpan<byte> frames)
    {
        var begin = segment.Position;
        try
        {
            segment.Write(frames);
            segment.Flush(flushToDisk: true);
        }
        catch
        {
            // Nobody is told that these are kept. After a failed sync nothing is known of the end of the file: it is closed.
            segment.SetLength(begin);
            if (begin == 0)
                File.Delete(segment.Name);
            throw;
        }
    }

    private void Close()
    {
        current?.Dispose();
        current = null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Bytes} bytes of hits were left in the spool and are folded in")]
    private partial void LogFound(long bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Bytes} bytes at the end of {Segment} were cut: they were being written when the machine or the service died")]
    private partial void LogCut(long bytes, string segment);

    [LoggerMessage(Level = LogLevel.Error, Message = "The spool of hits takes no more: {Bytes} of {Limit} bytes. Hits are dropped until PostgreSQL takes them")]
    private partial void LogRefusal(long bytes, long limit);

    [LoggerMessage(Level = LogLevel.Error, Message = "The spool of hits could not be written")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Bytes} bytes of the spool of hits were set aside in {Place}: {Reason}")]
    private partial void LogSetAside(int bytes, string place, string reason);
}
