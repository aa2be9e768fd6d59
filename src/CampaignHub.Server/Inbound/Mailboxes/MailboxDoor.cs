using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using CampaignHub.Server.Platform.Outbound;
using CampaignHub.Server.Relays.Smtp;
using MailKit.Net.Imap;
using MailKit.Net.Pop3;
using MailKit.Security;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>
/// Opens mailboxes: through the outbound guard, and under TLS by the same rules as relays. The handshake is ours, STARTTLS before it
/// too, since MailKit's would fetch missing issuers from hosts that certificates name, past the guard.
/// </summary>
internal sealed class MailboxDoor(OutboundGuard guard)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <exception cref="MailboxFaultException">It can't be opened; the message says why.</exception>
    public async Task<MailboxSession> OpenAsync(BounceMailbox mailbox, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        try
        {
            var stream = new MailboxStream(await ConnectAsync(mailbox, patience.Token), mailbox.Tls == "starttls" ? MailboxStartTls.Greeting(mailbox.Protocol) : "");
            return mailbox.Protocol == "imap" ? await OpenImapAsync(mailbox, stream, patience.Token) : await OpenPop3Async(mailbox, stream, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new MailboxFaultException($"{mailbox.Host}:{mailbox.Port} was silent for {s_patience.TotalSeconds:0} seconds.");
        }
        catch (SocketException fault)
        {
            throw new MailboxFaultException($"{mailbox.Host}:{mailbox.Port} can't be reached: {fault.Message}", fault);
        }
        catch (MailKit.Security.AuthenticationException fault)
        {
            throw new MailboxFaultException($"The server refuses the login: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is MailKit.CommandException or MailKit.ProtocolException or IOException or MailKit.FolderNotFoundException or NotSupportedException)
        {
            throw new MailboxFaultException(fault.Message, fault);
        }
    }

    private async Task<Stream> ConnectAsync(BounceMailbox mailbox, CancellationToken ct)
    {
        var target = await guard.ResolveAsync(mailbox.Host, ct);
        if (target.Refusal is { } refusal)
            throw new MailboxFaultException(refusal.Reason);
        var plain = new NetworkStream(await OutboundDial.ConnectAsync(target, mailbox.Port, ct), ownsSocket: true);
        if (mailbox.Tls == "none")
            return plain;
        using var certificate = new RelayCertificate(new RelaySettings { Host = mailbox.Host, Port = mailbox.Port, Tls = RelayTls.Implicit, TrustedRoots = mailbox.TrustedRoots });
        var secured = new SslStream(plain);
        try
        {
            if (mailbox.Tls == "starttls")
                await MailboxStartTls.AskAsync(plain, mailbox.Protocol, ct);
            await secured.AuthenticateAsClientAsync(certificate.Options, ct);
            return secured;
        }
        catch (Exception fault)
        {
            await secured.DisposeAsync();
            if (fault is System.Security.Authentication.AuthenticationException)
                throw new MailboxFaultException($"TLS fails: {certificate.Fault ?? fault.Message}", fault);
            throw;
        }
    }

    private static async Task<MailboxSession> OpenImapAsync(BounceMailbox mailbox, MailboxStream stream, CancellationToken ct)
    {
        var client = new ImapClient();
        try
        {
            await client.ConnectAsync(stream, mailbox.Host, mailbox.Port, SecureSocketOptions.None, ct);
            await client.AuthenticateAsync(mailbox.Username, mailbox.Password!, ct);
            return await ImapSession.OpenAsync(client, mailbox, stream, ct);
        }
        catch
        {
            client.Dispose();
            await stream.DisposeAsync();
            throw;
        }
    }

    private static async Task<MailboxSession> OpenPop3Async(BounceMailbox mailbox, MailboxStream stream, CancellationToken ct)
    {
        var client = new Pop3Client();
        try
        {
            await client.ConnectAsync(stream, mailbox.Host, mailbox.Port, SecureSocketOptions.None, ct);
            await client.AuthenticateAsync(mailbox.Username, mailbox.Password!, ct);
            return new Pop3Session(client, mailbox, stream);
        }
        catch
        {
            client.Dispose();
            await stream.DisposeAsync();
            throw;
        }
    }
}
