using CampaignHub.Core.Sending;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>How a message, or the opening of a connection, ended. Whatever a server does is such a value.</summary>
/// <param name="Exchange">Where it ended and by what, for <see cref="DeliveryOutcome"/>.</param>
/// <param name="Text">The reply's text with its enhanced code, or the fault in words; at most 512 characters, control characters escaped.</param>
public sealed record SmtpResult(SmtpExchange Exchange, string Text)
{
    private const int MaxText = 512;

    /// <summary>A 2xx answer to the final dot (any of them), or an open connection.</summary>
    public bool Accepted => Exchange.Reply is { IsPositive: true };

    /// <summary>Where it ended.</summary>
    public SmtpPhase Phase => Exchange.Phase;

    /// <summary>What happened instead of a reply; null when there was one.</summary>
    public SmtpFailure? Failure => Exchange.Failure;

    /// <summary>The reply's code, 200–599, when there was a reply.</summary>
    public int? Code => Exchange.Reply?.Code;

    /// <summary>"5.1.1" (RFC 3463), when the reply gave one.</summary>
    public string? EnhancedCode => Exchange.Reply?.Enhanced?.ToString();

    internal static SmtpResult Replied(SmtpPhase phase, SmtpReply reply) =>
        new(new SmtpExchange(phase, reply), Cut(reply.Enhanced is { } enhanced ? $"{enhanced} {reply.Text}" : reply.Text));

    internal static SmtpResult Failed(SmtpPhase phase, SmtpFailure failure, string text) =>
        new(new SmtpExchange(phase, failure), Cut(SmtpReply.Printable(text)));

    private static string Cut(string text) => text.Length <= MaxText
        ? text
        : text[..(char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText)];
}
