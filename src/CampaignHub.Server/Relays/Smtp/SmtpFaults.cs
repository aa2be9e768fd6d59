using System.Net.Sockets;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>Turns what the dialogue said, and how it broke, into a result.</summary>
internal static class SmtpFaults
{
    /// <summary>Faults that a server or a network can cause. Everything else is a bug, and is thrown.</summary>
    public static bool IsServers(Exception exception) => exception is IOException or SocketException or SmtpCommandException
        or SmtpProtocolException or SslHandshakeException or AuthenticationException or SaslException or NotSupportedException
        or OperationCanceledException or TimeoutException or MailKit.ServiceNotConnectedException;

    public static SmtpResult ToResult(PhaseTracker tracker, Exception exception)
    {
        // A refusal stands, whatever broke after it: MailKit's RSET may time out on the same connection.
        if (tracker.Refusal is { } refusal)
            return SmtpResult.From(refusal.Phase, refusal.Reply, accepted: false);
        if (FinalReply(tracker) is { } final)
            return SmtpResult.From(SmtpPhase.AfterDot, final, accepted: final.Code is >= 200 and < 300);
        if (tracker.Phase != SmtpPhase.AfterDot && tracker.Replies.Unfinished is { IsRefusal: true } cut)
            return SmtpResult.From(tracker.Phase, cut, accepted: false);
        var (phase, failure, text) = Describe(tracker, exception);
        return SmtpResult.Failed(phase, failure, text);
    }

    // MailKit takes only 250 here; RFC 5321 4.2.1 lets any 2xx be a yes. A reply too long to end is read by its first line.
    private static ReplyLine? FinalReply(PhaseTracker tracker)
    {
        if (tracker.Last is { Phase: SmtpPhase.AfterDot } last)
            return last.Reply;
        return tracker is { Phase: SmtpPhase.AfterDot, Replies: { Partial.Length: >= ReplyLine.MaxText, Unfinished: { } cut } }
            ? cut
            : null;
    }

    private static (SmtpPhase, SmtpFailure, string) Describe(PhaseTracker tracker, Exception exception) => exception switch
    {
        OperationCanceledException or TimeoutException =>
            (tracker.Phase, SmtpFailure.Timeout, $"no answer in time ({tracker.Phase})"),
        SslHandshakeException =>
            (SmtpPhase.StartTls, SmtpFailure.Tls, TlsText(exception)),
        NotSupportedException when tracker.Phase is SmtpPhase.Ehlo =>
            (SmtpPhase.StartTls, SmtpFailure.Tls, "the relay does not offer STARTTLS, which its settings require"),
        AuthenticationException or SaslException or NotSupportedException =>
            (SmtpPhase.Auth, SmtpFailure.Protocol, exception.Message),
        ReplyTooLongException =>
            (tracker.Phase, SmtpFailure.Protocol, tracker.Replies.Partial ?? exception.Message),
        SmtpProtocolException when tracker.Replies.Partial is { } partial =>
            (tracker.Phase, SmtpFailure.Protocol, $"no SMTP reply: {partial}"),
        SmtpCommandException when tracker.Last is { } last =>
            (last.Phase, SmtpFailure.Protocol, $"unexpected reply {last.Reply.Code} {last.Reply.Text}"),
        _ => (tracker.Phase, SmtpFailure.Reset, exception.Message),
    };

    // MailKit's own text is a page of advice; what is behind it says more.
    private static string TlsText(Exception exception) => exception.InnerException?.Message ?? exception.Message;
}
