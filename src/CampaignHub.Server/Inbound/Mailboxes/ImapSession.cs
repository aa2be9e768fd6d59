using System.Globalization;
using CampaignHub.Core.Inbound;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>A folder over IMAP (RFC 9051).</summary>
internal sealed class ImapSession : MailboxSession
{
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(2);

    private readonly ImapClient _client;
    private readonly BounceMailbox _mailbox;
    private readonly IMailFolder _folder;

    private ImapSession(ImapClient client, BounceMailbox mailbox, IMailFolder folder, MailboxStream stream)
        : base(stream) => (_client, _mailbox, _folder) = (client, mailbox, folder);

    public static async Task<ImapSession> OpenAsync(ImapClient client, BounceMailbox mailbox, MailboxStream stream, CancellationToken ct)
    {
        var folder = string.Equals(mailbox.Folder, "INBOX", StringComparison.OrdinalIgnoreCase) ? client.Inbox! : await client.GetFolderAsync(mailbox.Folder, ct);
        await folder.OpenAsync(mailbox.WhenHandled == "keep" ? FolderAccess.ReadOnly : FolderAccess.ReadWrite, ct);
        return new ImapSession(client, mailbox, folder, stream);
    }

    public override Task<IReadOnlyList<string>> ListAsync(CancellationToken ct) => AskAsync<IReadOnlyList<string>>(
        async patient => [.. (await _folder.SearchAsync(SearchQuery.NotDeleted, patient)).Select(Word)], ct);

    public override Task<byte[]?> ReadAsync(string uid, CancellationToken ct) => AskAsync(
        async patient =>
        {
            try
            {
                return (byte[]?)await BeginningAsync(await _folder.GetStreamAsync(IdOf(uid), 0, InboundReader.MaxBytes, patient), patient);
            }
            catch (MessageNotFoundException)
            {
                return null; // somebody else moved or deleted it
            }
        }, ct);

    public override async Task SettleAsync(IReadOnlyCollection<string> uids, CancellationToken ct)
    {
        UniqueId[] ids = [.. uids.Select(IdOf)];
        if (ids.Length == 0 || _mailbox.WhenHandled == "keep")
            return;
        if (_mailbox.WhenHandled == "move")
        {
            await AskAsync(async patient => await _folder.MoveToAsync(ids, await TargetAsync(patient), patient), ct);
            return;
        }
        await AskAsync(
            async patient =>
            {
                await _folder.AddFlagsAsync(ids, MessageFlags.Deleted, silent: true, patient);
                await _folder.ExpungeAsync(ids, patient);
            }, ct);
    }

    public override async Task<bool> WaitAsync(CancellationToken ct)
    {
        if (!_client.Capabilities.HasFlag(ImapCapabilities.Idle))
            return false;
        using var done = new CancellationTokenSource(s_idle);
        _folder.CountChanged += OnChanged;
        try
        {
            await AskAsync(patient => _client.IdleAsync(done.Token, patient), ct);
            return true;
        }
        finally
        {
            _folder.CountChanged -= OnChanged;
        }

        void OnChanged(object? sender, EventArgs e) => done.Cancel();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_client.IsConnected)
            await LeaveAsync();
        _client.Dispose();
    }

    private async Task LeaveAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _client.DisconnectAsync(quit: true, patience.Token);
        }
        catch (Exception fault) when (fault is IOException or ProtocolException or CommandException or OperationCanceledException)
        {
            // It needn't hear a goodbye: everything that it was asked for is done.
        }
    }

    private async Task<IMailFolder> TargetAsync(CancellationToken ct)
    {
        try
        {
            return await _client.GetFolderAsync(_mailbox.MoveTo!, ct);
        }
        catch (FolderNotFoundException)
        {
            var root = _client.GetFolder(_client.PersonalNamespaces.Count > 0 ? _client.PersonalNamespaces[0] : new FolderNamespace('/', ""));
            return (await root.CreateAsync(_mailbox.MoveTo!, isMessageFolder: true, ct))!;
        }
    }

    /// <summary>An id counts with its folder's validity alone (RFC 9051, 2.3.1.1).</summary>
    private string Word(UniqueId id) => string.Create(CultureInfo.InvariantCulture, $"{_folder.UidValidity}.{id.Id}");

    private static UniqueId IdOf(string uid) => new(uint.Parse(uid[(uid.IndexOf('.', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture));
}
