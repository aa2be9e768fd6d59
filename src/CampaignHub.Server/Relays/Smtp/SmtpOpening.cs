using System.Net;
using System.Net.Sockets;
using CampaignHub.Core.Sending;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>From the connected socket to a connection that is ready: TLS, banner, EHLO, STARTTLS, login.</summary>
internal sealed class SmtpOpening(SmtpDialogue dialogue, RelaySettings settings, EndPoint? local)
{
    /// <summary>What the server offered last: what it said before TLS is forgotten (RFC 3207 4.2).</summary>
    public SmtpExtensions Extensions { get; private set; } = SmtpExtensions.None;

    /// <summary>The last answer; a refusal, or a yes when the connection is ready.</summary>
    public async Task<SmtpResult> RunAsync()
    {
        if (settings.Tls == RelayTls.Implicit)
            await dialogue.SecureAsync(settings);
        var result = SmtpResult.Replied(SmtpPhase.Banner, await dialogue.ReplyAsync(SmtpPhase.Banner));
        if (result.Accepted)
            result = await HelloAsync();
        if (result.Accepted && settings.Tls == RelayTls.StartTls)
            result = await StartTlsAsync();
        return result.Accepted && settings.Username is { } user
            ? await SmtpLogin.RunAsync(dialogue, Extensions.Mechanisms, new NetworkCredential(user, settings.Password))
            : result;
    }

    private async Task<SmtpResult> HelloAsync()
    {
        var reply = await dialogue.AskAsync(SmtpPhase.Ehlo, $"EHLO {Name()}");
        Extensions = SmtpExtensions.Parse(dialogue.RawReply);
        return SmtpResult.Replied(SmtpPhase.Ehlo, reply);
    }

    private async Task<SmtpResult> StartTlsAsync()
    {
        if (!Extensions.StartTls)
            return SmtpResult.Failed(SmtpPhase.StartTls, SmtpFailure.TlsNotOffered, "the relay does not offer STARTTLS, which its settings require");
        var reply = await dialogue.AskAsync(SmtpPhase.StartTls, "STARTTLS");
        if (reply.IsRefusal)
            return SmtpResult.Replied(SmtpPhase.StartTls, reply);
        await dialogue.SecureAsync(settings);
        return await HelloAsync();
    }

    // RFC 5321 4.1.1.1: a name that is one on the Internet, or else the address.
    private string Name()
    {
        var name = Dns.GetHostName();
        if (name.Contains('.', StringComparison.Ordinal) && Uri.CheckHostName(name) == UriHostNameType.Dns)
            return name;
        var address = (local as IPEndPoint)?.Address ?? IPAddress.Loopback;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetwork ? $"[{address}]" : $"[IPv6:{address}]";
    }
}
