using System.Security.Cryptography;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>
/// The body of a request as it comes in: hashed on the way, given up after a silence, and showing now and then that it
/// is alive. Its beginning can be looked at before it is read.
/// </summary>
/// <param name="body">The request's body.</param>
/// <param name="beat">Called every few seconds while bytes come.</param>
internal sealed class UploadStream(Stream body, Func<CancellationToken, Task> beat) : Stream
{
    private const int PeekBytes = 4096;

    /// <summary>Below the minute after which the worker gives a silent upload up.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(5);

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ReadOnlyMemory<byte> _head;
    private long _beatAt = Environment.TickCount64;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The first bytes, as many as there are up to a few thousand; reading gives them again.</summary>
    public async Task<ReadOnlyMemory<byte>> PeekAsync(CancellationToken ct)
    {
        var head = new byte[PeekBytes];
        var length = 0;
        while (length < head.Length && await TakeAsync(head.AsMemory(length), ct) is var read and > 0)
            length += read;
        return _head = head.AsMemory(0, length);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_head.IsEmpty)
            return await TakeAsync(buffer, cancellationToken);
        var length = Math.Min(buffer.Length, _head.Length);
        _head[..length].CopyTo(buffer);
        _head = _head[length..];
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>SHA-256 of the whole body: reads what is left of it first.</summary>
    public async Task<byte[]> HashToEndAsync(CancellationToken ct)
    {
        var rest = new byte[64 * 1024];
        while (await TakeAsync(rest, ct) > 0)
        {
            // Hashed by being taken.
        }
        return _hash.GetCurrentHash();
    }

    public override void Flush() => throw new NotSupportedException();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A body is read asynchronously.");
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }

    private async Task<int> TakeAsync(Memory<byte> buffer, CancellationToken ct)
    {
        var read = await FromBodyAsync(buffer, ct);
        _hash.AppendData(buffer.Span[..read]);
        if (Environment.TickCount64 - _beatAt >= BeatEvery.TotalMilliseconds)
        {
            await beat(ct);
            _beatAt = Environment.TickCount64;
        }
        return read;
    }

    private async Task<int> FromBodyAsync(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            return await body.ReadAsync(buffer, ct).AsTask().WaitAsync(LongestSilence, ct);
        }
        catch (Exception fault) when (fault is TimeoutException or IOException)
        {
            // Silent for too long, the connection gone, or fewer bytes than were announced.
            throw new ImportFailedException(ImportFailures.Interrupted);
        }
    }
}
