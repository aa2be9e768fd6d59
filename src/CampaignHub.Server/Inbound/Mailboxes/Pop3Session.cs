using MailKit;
using MailKit.Net.Pop3;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>A mailbox over POP3 (RFC 1939). Deletions count once the session has ended in good order.</summary>
internal sealed class Pop3Session(Pop3Client client, BounceMailbox mailbox, MailboxStream stream) : MailboxSession(stream)
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    public override async Task<IReadOnlyList<string>> ListAsync(CancellationToken ct)
    {
        var uids = await AskAsync(client.GetMessageUidsAsync, ct);
        for (var i = 0; i < uids.Count; i++)
            _places.TryAdd(uids[i], i);
        return [.. _places.Keys];
    }

    public override Task<byte[]?> ReadAsync(string uid, CancellationToken ct) => AskAsync(
        async patient =>
        {
            var place = _places[uid];
            var isTooLong = await client.GetMessageSizeAsync(place, patient) > MostBytes;
            return (byte[]?)await BeginningAsync(await client.GetStreamAsync(place, headersOnly: isTooLong, patient), patient);
        }, ct);

    public override Task SettleAsync(IReadOnlyCollection<string> uids, CancellationToken ct) => mailbox.WhenHandled == "keep"
        ? Task.CompletedTask
        : AskAsync(
            async patient =>
            {
                foreach (var uid in uids)
                    await client.DeleteMessageAsync(_places[uid], patient);
            }, ct);

    /// <summary>Another session is needed to see what is new.</summary>
    public override Task<bool> WaitAsync(CancellationToken ct) => Task.FromResult(false);

    public override async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            if (client.IsConnected)
                await client.DisconnectAsync(quit: true, patience.Token);
        }
        catch (Exception fault) when (fault is IOException or ProtocolException or CommandException or OperationCanceledException)
        {
            // What was to be deleted lies there still: the next session knows it, and deletes it without reading it.
        }
        client.Dispose();
    }
}
