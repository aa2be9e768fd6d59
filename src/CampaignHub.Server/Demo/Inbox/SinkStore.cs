using System.Runtime.CompilerServices;

namespace CampaignHub.Server.Demo.Inbox;

/// <summary>A message that has arrived whole and is not yet kept.</summary>
internal sealed record ReceivedMail(SinkMessage Message, byte[] Source);

/// <summary>What is kept, in order; in memory, or with its bytes in the spool.</summary>
internal sealed class SinkStore : IAsyncDisposable
{
    private readonly SmtpSinkOptions options;
    private readonly SinkSpool? spool;
    private readonly List<SinkMessage> kept = [];
    private readonly Lock gate = new();
    private TaskCompletionSource news = NewSignal();
    private bool ended;

    public SinkStore(SmtpSinkOptions options)
    {
        this.options = options;
        spool = options.Folder is { } folder ? new SinkSpool(folder) : null;
    }

    public int Count
    {
        get
        {
            lock (gate)
                return kept.Count;
        }
    }

    public SinkMessage[] Snapshot()
    {
        lock (gate)
            return [.. kept];
    }

    public ReceivedMail Receive(SinkEnvelope envelope, byte[] source) =>
        new(new SinkMessage(envelope, MessageIdHeader.Find(source), options.Clock.GetCurrentInstant(), () => source), source);

    /// <summary>Keeps it; on disk, when there is a spool, before this returns. False: the sink is full.</summary>
    public async Task<bool> KeepAsync(ReceivedMail mail, CancellationToken cancellationToken)
    {
        if (Count >= options.MaxMessages)
            return false;
        Add(spool is null ? mail.Message : await spool.AppendAsync(mail, cancellationToken));
        return true;
    }

    public async IAsyncEnumerable<SinkMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = 0; ; next++)
        {
            SinkMessage? message;
            while (!TryGet(next, out message, out var wait))
            {
                if (wait is null)
                    yield break;
                await wait.WaitAsync(cancellationToken);
            }
            yield return message!;
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
            ended = true;
        news.TrySetResult();
        if (spool is not null)
            await spool.DisposeAsync();
    }

    private void Add(SinkMessage message)
    {
        TaskCompletionSource told;
        lock (gate)
        {
            kept.Add(message);
            (told, news) = (news, NewSignal());
        }
        told.TrySetResult();
    }

    private bool TryGet(int index, out SinkMessage? message, out Task? wait)
    {
        lock (gate)
        {
            message = index < kept.Count ? kept[index] : null;
            wait = ended ? null : news.Task;
            return message is not null;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
