using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace CampaignHub.Core.Audience;

/// <summary>
/// A mailbox on the public internet (RFC 5321, with UTF-8 local parts of RFC 6531) in the one form in which it is stored.
/// </summary>
/// <remarks>
/// Of what RFC 5321 and 5322 allow, a mailer for lists wants less: no quoted local parts, address literals, comments,
/// folding or obsolete forms, no bare top-level domain and none that ends in a number. Nobody's inbox needs them,
/// and each is a way to smuggle something. Two addresses are the same person's if their <see cref="Key"/> is.
/// </remarks>
public sealed record EmailAddress
{
    /// <summary>Most octets of a path that SMTP takes (RFC 5321, 4.5.3.1.3, without the brackets).</summary>
    public const int MaxLength = 254;

    /// <summary>Most octets of the part before the @ (RFC 5321, 4.5.3.1.1).</summary>
    public const int MaxLocalPartLength = 64;

    private EmailAddress(string localPart, string domain)
    {
        (LocalPart, Domain) = (localPart, domain);
        Address = $"{localPart}@{domain}";
        Key = (Ascii.IsValid(Address) ? Address : Composition.Compose(Address)).ToLowerInvariant();
    }

    /// <summary>As it is mailed: the local part as given, the domain in A-labels.</summary>
    public string Address { get; }

    /// <summary>What is unique: <see cref="Address"/> without case, its letters composed as in NFC.</summary>
    public string Key { get; }

    public string LocalPart { get; }

    /// <summary>Lower case, A-labels.</summary>
    public string Domain { get; }

    /// <summary>True where the relay must offer SMTPUTF8: the local part isn't ASCII.</summary>
    public bool NeedsSmtpUtf8 => !Ascii.IsValid(LocalPart);

    public override string ToString() => Address;

    /// <summary>Parses one bare address. Spaces around it are dropped; line breaks and other controls are refused.</summary>
    /// <param name="text">Any text, null included.</param>
    /// <param name="address">The address, when true is returned.</param>
    /// <param name="problem">One sentence saying what is wrong, when false is returned.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EmailAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        var trimmed = TrimBlanks(text);
        var at = trimmed.LastIndexOf('@');
        if ((problem = ShapeProblem(trimmed, at)) is not null)
            return false;
        var localPart = trimmed[..at].ToString();
        if ((problem = LocalPartProblem(localPart)) is not null || !MailDomain.TryParse(trimmed[(at + 1)..].ToString(), out var domain, out problem))
            return false;
        if (Encoding.UTF8.GetByteCount(localPart) + 1 + domain.Length > MaxLength)
        {
            problem = $"The address is longer than {MaxLength} bytes.";
            return false;
        }
        address = new EmailAddress(localPart, domain);
        return true;
    }

    private static string? ShapeProblem(ReadOnlySpan<char> text, int at) => text switch
    {
        [] => "The address is empty.",
        // Long before any limit in octets: keeps what is below linear in something small.
        { Length: > 4 * MaxLength } => $"The address is longer than {MaxLength} bytes.",
        _ when at < 0 => "The address has no @.",
        _ when at == 0 => "The address has nothing before the @.",
        _ when at == text.Length - 1 => "The address has nothing after the @.",
        _ => null,
    };

    private static string? LocalPartProblem(string localPart)
    {
        if (localPart.StartsWith('.') || localPart.EndsWith('.') || localPart.Contains("..", StringComparison.Ordinal))
            return "The part before the @ begins or ends with a dot, or has two in a row.";
        for (var i = 0; i < localPart.Length;)
        {
            if (Rune.DecodeFromUtf16(localPart.AsSpan(i), out var rune, out var length) != System.Buffers.OperationStatus.Done || !IsLocalRune(rune))
                return "The part before the @ has a character that isn't allowed there.";
            i += length;
        }
        return Encoding.UTF8.GetByteCount(localPart) > MaxLocalPartLength
            ? $"The part before the @ is longer than {MaxLocalPartLength} bytes." : null;
    }

    /// <summary>RFC 5322's atext and dot; beyond ASCII whatever can be seen: no spaces, controls, format characters or unassigned ones.</summary>
    private static bool IsLocalRune(Rune rune) => rune.IsAscii
        ? char.IsAsciiLetterOrDigit((char)rune.Value) || ".!#$%&'*+-/=?^_`{|}~".Contains((char)rune.Value)
        : Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>Drops spaces of any width, tabs and byte order marks; a line break is not a blank.</summary>
    private static ReadOnlySpan<char> TrimBlanks(ReadOnlySpan<char> text)
    {
        while (text is [var first, ..] && IsBlank(first))
            text = text[1..];
        while (text is [.., var last] && IsBlank(last))
            text = text[..^1];
        return text;
    }

    private static bool IsBlank(char c) => c is '\t' or '\uFEFF' || char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator;
}
