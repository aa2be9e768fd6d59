using CampaignHub.Core.Sending;
using CampaignHub.Server.Relays.Smtp;
using CorePhase = CampaignHub.Core.Sending.SmtpPhase;
using Failure = CampaignHub.Core.Sending.SmtpFailure;
using SmtpFailure = CampaignHub.Server.Relays.Smtp.SmtpFailure;

namespace CampaignHub.Server.Sending;

/// <summary>What the connection saw, in the words of Core's outcome table.</summary>
internal static class SmtpExchanges
{
    public static SmtpExchange Of(SmtpResult result)
    {
        var phase = Enum.Parse<CorePhase>(result.Phase.ToString());
        return result.Code is { } code && result.Failure is SmtpFailure.None or SmtpFailure.Reply
            ? new SmtpExchange(phase, SmtpReply.Create(result.Code!.Value, ReplyText(result)))
            : new SmtpExchange(phase, FailureOf(result));
    }

    private static string ReplyText(SmtpResult result) =>
        result.EnhancedCode is { } enhanced && !result.Text.StartsWith(enhanced, StringComparison.Ordinal) ? $"{enhanced} {result.Text}" : result.Text;

    private static Failure FailureOf(SmtpResult result) => result.Failure switch
    {
        SmtpFailure.Timeout => Failure.Timeout,
        SmtpFailure.Tls => result.Text.Contains("STARTTLS", StringComparison.OrdinalIgnoreCase) ? Failure.TlsNotOffered : Failure.TlsInvalid,
        _ when result.Phase == Relays.Smtp.SmtpPhase.Connect => Failure.Refused,
        _ => Failure.Reset,
    };
}
