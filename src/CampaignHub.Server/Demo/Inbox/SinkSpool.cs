using System.Text;
using System.Threading.Channels;

namespace CampaignHub.Server.Demo.Inbox;

/// <summary>
/// Messages on disk: <c>messages.spool</c>, one after the other, and <c>ledger.tsv</c>, a line for each recipient.
/// A message is answered only when both are synced; the syncs of messages that arrive together are shared.
/// </summary>
internal sealed class SinkSpool : IAsyncDisposable
{
    private sealed record Entry(ReceivedMail Mail, TaskCompletionSource<SinkMessage> Done);

    private readonly Channel<Entry> queue = Channel.CreateBounded<Entry>(1_000);
    private readonly FileStream spool;
    private readonly FileStream ledger;
    private readonly Task writing;

    public SinkSpool(string folder)
    {
        Directory.CreateDirectory(folder);
        spool = Open(Path.Combine(folder, "messages.spool"), FileAccess.ReadWrite);
        ledger = Open(Path.Combine(folder, SinkLedger.FileName), FileAccess.Write);
        ledger.Write("\n"u8); // a line that a crash has torn stays alone
        writing = WriteAsync();
    }

    public async Task<SinkMessage> AppendAsync(ReceivedMail mail, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<SinkMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        await queue.Writer.WriteAsync(new Entry(mail, done), cancellationToken);
        return await done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await writing;
        await spool.DisposeAsync();
        await ledger.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        var batch = new List<Entry>();
        while (await queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < 500 && queue.Reader.TryRead(out var entry))
                batch.Add(entry);
            try
            {
                var kept = Append(batch);
                for (var i = 0; i < kept.Length; i++)
                    batch[i].Done.SetResult(kept[i]);
            }
            catch (IOException exception)
            {
                batch.ForEach(entry => entry.Done.TrySetException(exception)); // unanswered: the connection ends
            }
        }
    }

    // Bodies are synced before the ledger names them, so a line never points at bytes that a crash has taken.
    private SinkMessage[] Append(List<Entry> batch)
    {
        var lines = new StringBuilder();
        var kept = batch.Select(entry => Append(entry.Mail, lines)).ToArray();
        spool.Flush(flushToDisk: true);
        ledger.Write(Encoding.UTF8.GetBytes(lines.ToString()));
        ledger.Flush(flushToDisk: true);
        return kept;
    }

    private SinkMessage Append(ReceivedMail mail, StringBuilder lines)
    {
        var (offset, length) = (spool.Position, mail.Source.Length);
        spool.Write(mail.Source);
        var message = mail.Message;
        foreach (var recipient in message.Recipients)
            SinkLedger.AppendLine(lines, new(message.ReceivedAt, message.MessageId, recipient, offset, length));
        return new SinkMessage(new(message.From, message.Recipients), message.MessageId, message.ReceivedAt,
            () => Read(offset, length));
    }

    private byte[] Read(long offset, int length)
    {
        var bytes = new byte[length];
        using var handle = File.OpenHandle(spool.Name, share: FileShare.ReadWrite);
        var read = 0;
        while (read < length && RandomAccess.Read(handle, bytes.AsSpan(read), offset + read) is > 0 and var n)
            read += n;
        return bytes;
    }

    private static FileStream Open(string path, FileAccess access)
    {
        var stream = new FileStream(path, FileMode.OpenOrCreate, access, FileShare.Read);
        stream.Seek(0, SeekOrigin.End);
        return stream;
    }
}
