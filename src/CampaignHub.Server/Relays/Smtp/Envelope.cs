using System.Globalization;
using CampaignHub.Core.Sending;
using MimeKit;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>The two addresses of a transaction as they stand between angle brackets; or what stands against them.</summary>
internal sealed record Envelope(string Sender, string Recipient, bool NeedsUtf8, SmtpResult? Fault)
{
    // RFC 3696, erratum 1690: what fits into a path of 256 octets, with room for a domain before its punycode.
    private const int MaxAddress = 320;

    private static readonly ParserOptions Strict = new() { AddressParserComplianceMode = RfcComplianceMode.Strict };
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = false };

    /// <summary>
    /// Domains become punycode, which any relay takes. A local part beyond ASCII can't be rewritten: without SMTPUTF8
    /// (RFC 6531) a recipient's is this person's fault, and a sender's is refused as a server would.
    /// </summary>
    public static Envelope Of(string from, string to, bool utf8)
    {
        if (PathOf(from) is not { } sender)
            return Against(Refused(SmtpPhase.MailFrom, $"5.1.7 {NoAddress(from)}"));
        if (PathOf(to) is not { Length: > 0 } recipient)
            return Against(Refused(SmtpPhase.RcptTo, $"5.1.3 {NoAddress(to)}"));
        if (!utf8 && !IsAscii(sender))
            return Against(Refused(SmtpPhase.MailFrom, $"5.6.7 {NeedsMore(from)}"));
        if (!utf8 && !IsAscii(recipient))
            return Against(SmtpResult.Failed(SmtpPhase.RcptTo, SmtpFailure.SmtpUtf8NotOffered, $"5.6.7 {NeedsMore(to)}"));
        return new Envelope(sender, recipient, !IsAscii(sender) || !IsAscii(recipient), null);
    }

    // Empty is the null sender. Whitespace and control characters would let an address begin a command of its own.
    private static string? PathOf(string address)
    {
        if (address.Length == 0)
            return "";
        var at = address.LastIndexOf('@');
        if (at < 0 || address.Length > MaxAddress || address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            || !MailboxAddress.TryParse(Strict, address, out var mailbox) || mailbox.Address != address)
            return null;
        return IsAscii(address) ? address : PunycodeOf(address[(at + 1)..]) is { } domain ? $"{address[..at]}@{domain}" : null;
    }

    private static string? PunycodeOf(string domain)
    {
        try
        {
            return IsAscii(domain) ? domain : Idn.GetAscii(domain);
        }
        catch (ArgumentException)
        {
            return null; // no name under any script
        }
    }

    private static bool IsAscii(string text) => System.Text.Ascii.IsValid(text);

    private static string NoAddress(string address) => $"'{address}' is not an address that SMTP can carry";

    private static string NeedsMore(string address) => $"'{address}' needs SMTPUTF8, which this relay does not offer";

    private static Envelope Against(SmtpResult fault) => new("", "", false, fault);

    private static SmtpResult Refused(SmtpPhase phase, string text) => SmtpResult.Replied(phase, SmtpReply.Create(553, text));
}
