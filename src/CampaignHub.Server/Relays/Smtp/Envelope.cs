using MailKit.Net.Smtp;
using MimeKit;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>The two addresses of a transaction, in a form that this relay takes; or what stands against them.</summary>
internal sealed record Envelope(MailboxAddress? Sender, MailboxAddress? Recipient, SmtpResult? Fault)
{
    private static readonly ParserOptions Strict = new() { AddressParserComplianceMode = RfcComplianceMode.Strict };

    /// <summary>
    /// Domains become punycode where the relay lacks SMTPUTF8. A local part beyond ASCII can't be rewritten: its fault
    /// carries the code that RFC 6531 (3.5, X.6.7) has a server answer with.
    /// </summary>
    public static Envelope Of(string from, string to, SmtpCapabilities capabilities)
    {
        var utf8 = capabilities.HasFlag(SmtpCapabilities.UTF8);
        var sender = from.Length == 0 ? new MailboxAddress("", "") : Parse(from);
        if (FaultOf(from, sender, utf8, SmtpPhase.MailFrom, "5.1.7") is { } wrongSender)
            return new Envelope(null, null, wrongSender);
        var recipient = Parse(to);
        return FaultOf(to, recipient, utf8, SmtpPhase.RcptTo, "5.1.3") is { } wrongRecipient
            ? new Envelope(null, null, wrongRecipient)
            : new Envelope(sender, recipient, null);
    }

    private static MailboxAddress? Parse(string address) =>
        !address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) && address.Contains('@', StringComparison.Ordinal)
            && MailboxAddress.TryParse(Strict, address, out var mailbox) && mailbox.Address == address
                ? mailbox
                : null;

    private static SmtpResult? FaultOf(string address, MailboxAddress? mailbox, bool utf8, SmtpPhase phase, string code)
    {
        if (mailbox is null)
            return Refused(phase, code, $"'{address}' is not an address that SMTP can carry");
        return utf8 || Ascii(address[..Math.Max(0, address.LastIndexOf('@'))])
            ? null
            : Refused(phase, "5.6.7", $"'{address}' needs SMTPUTF8, which this relay does not offer");
    }

    private static bool Ascii(string text) => text.All(char.IsAscii);

    private static SmtpResult Refused(SmtpPhase phase, string enhanced, string text) =>
        SmtpResult.From(phase, ReplyLine.Of(553, $"{enhanced} {text}"), accepted: false);
}
