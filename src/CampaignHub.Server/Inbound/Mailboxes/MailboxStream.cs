using System.Text;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>
/// The bytes that a mailbox's server sends, so many for each question and no more: the server is the tenant's choice, and what
/// it says that it will send is held in memory.
/// </summary>
/// <param name="inner">The connection.</param>
/// <param name="greeting">What is read before anything of it.</param>
internal sealed class MailboxStream(Stream inner, string greeting) : Stream
{
    /// <summary>More than any answer that is asked for.</summary>
    private const long MostBytes = 64 << 20;

    private long _left = MostBytes;
    private ReadOnlyMemory<byte> _greeting = Encoding.ASCII.GetBytes(greeting);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override bool CanTimeout => inner.CanTimeout;

    public override int ReadTimeout { get => inner.ReadTimeout; set => inner.ReadTimeout = value; }

    public override int WriteTimeout { get => inner.WriteTimeout; set => inner.WriteTimeout = value; }

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Begins another question.</summary>
    public void Renew() => Interlocked.Exchange(ref _left, MostBytes);

    public override int Read(byte[] buffer, int offset, int count) =>
        Greet(buffer.AsSpan(offset, count)) is var greeted and > 0 ? greeted : Count(inner.Read(buffer, offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Greet(buffer.Span) is var greeted and > 0 ? greeted : Count(await inner.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private int Greet(Span<byte> buffer)
    {
        var read = Math.Min(buffer.Length, _greeting.Length);
        _greeting.Span[..read].CopyTo(buffer);
        _greeting = _greeting[read..];
        return read;
    }

    private int Count(int read) => Interlocked.Add(ref _left, -read) >= 0 ? read : throw new IOException("The server sends more than was asked for.");
}
