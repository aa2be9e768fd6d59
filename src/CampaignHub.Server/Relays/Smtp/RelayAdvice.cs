using System.Net.Security;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Platform.Outbound;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>The order of a check's steps after TCP, and the phases that each stands for.</summary>
internal static class RelaySteps
{
    public static (string Name, SmtpPhase[] Phases)[] For(RelaySettings settings)
    {
        (string, SmtpPhase[]) tls = ("tls", [SmtpPhase.StartTls]);
        (string, SmtpPhase[]) banner = ("banner", [SmtpPhase.Connect, SmtpPhase.Banner]);
        (string, SmtpPhase[]) ehlo = ("ehlo", [SmtpPhase.Ehlo]);
        (string, SmtpPhase[])[] steps = settings.Tls switch
        {
            RelayTls.Implicit => [tls, banner, ehlo],
            RelayTls.StartTls => [banner, ehlo, tls],
            _ => [banner, ehlo],
        };
        return settings.Username is null ? steps : [.. steps, ("login", [SmtpPhase.Auth])];
    }
}

/// <summary>What to do about the usual faults.</summary>
internal static class RelayAdvice
{
    public static string? ForName(OutboundRefusalKind? refusal) => refusal switch
    {
        OutboundRefusalKind.NotAllowed =>
            $"This relay is inside a private network; the operator can allow it in {OutboundGuard.AllowedNetworksKey}.",
        OutboundRefusalKind.NotFound or OutboundRefusalKind.InvalidHost => "Check the relay's host for a slip of the pen.",
        _ => null,
    };

    public static string ForConnection(RelaySettings settings) => settings.Port == 25
        ? "Many networks block outgoing port 25; try 587 with starttls, or 465 with implicit."
        : "Check host and port, and whether a firewall stands between.";

    public static string? For(SmtpResult result, RelaySettings settings, SslPolicyErrors certificate) => result switch
    {
        { Phase: SmtpPhase.Connect or SmtpPhase.Banner } when settings is { Port: 465, Tls: not RelayTls.Implicit } =>
            $"465 wants implicit TLS, this relay is set to {Word(settings.Tls)}.",
        { Phase: SmtpPhase.Connect or SmtpPhase.Banner, Failure: SmtpFailure.Timeout or SmtpFailure.Reset or SmtpFailure.Protocol }
            when settings.Tls != RelayTls.Implicit => "No SMTP greeting came. Does this port want implicit TLS?",
        { Failure: SmtpFailure.TlsNotOffered } => "The relay offers no STARTTLS here; try 465 with implicit. Mail is not sent in the clear instead.",
        { Phase: SmtpPhase.StartTls } => ForTls(settings, certificate),
        { Phase: SmtpPhase.Auth } => ForLogin(result, settings),
        { Phase: SmtpPhase.MailFrom, Code: 530 } => "This relay wants a login: set username and password.",
        { Phase: SmtpPhase.MailFrom, Code: >= 500 } =>
            "The relay does not take this sender. Verify its domain or address there, or set envelope_sender to one that it knows.",
        { Code: 421 } => "The relay takes no connections now; it may limit how many, or whence.",
        _ => null,
    };

    private static string? ForTls(RelaySettings settings, SslPolicyErrors certificate) => certificate switch
    {
        var errors when errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) =>
            $"The certificate is not for {settings.Host}; set host to a name that it carries.",
        var errors when errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) =>
            "The certificate is expired or not signed by a known authority; renew it, or give its root to this relay.",
        _ when settings.Tls == RelayTls.Implicit =>
            $"The server does not begin with TLS; {(settings.Port == 465 ? "it may be" : $"{settings.Port} is usually")} starttls, this relay is set to implicit.",
        _ => null,
    };

    private static string ForLogin(SmtpResult result, RelaySettings settings) => result switch
    {
        { Failure: SmtpFailure.Protocol } when settings.Tls == RelayTls.None =>
            "The relay offers no login without TLS; set tls to starttls.",
        { Failure: SmtpFailure.Protocol } => "The relay offers no login that a password can do.",
        { Code: 534 or 538 } => "The relay wants a safer login: TLS, or a password made for this application.",
        { Code: 454 } => "The relay could not check the login just now; try again.",
        _ => "Name or password is wrong. Many providers want an API key or application password here.",
    };

    private static string Word(RelayTls tls) => tls switch
    {
        RelayTls.StartTls => "starttls",
        RelayTls.Implicit => "implicit",
        _ => "none",
    };
}
