using System.Buffers;
using System.Globalization;
using System.Text;

namespace CampaignHub.Core.Sending;

/// <summary>An enhanced status code (RFC 3463), such as 5.1.1.</summary>
public readonly record struct EnhancedCode(int Class, int Subject, int Detail)
{
    private static readonly SearchValues<char> s_digitsAndDots = SearchValues.Create("0123456789.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");

    /// <summary>Reads the code at the start of a text; null when there is none (class 2, 4 or 5, each other part up to three digits).</summary>
    public static EnhancedCode? Parse(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExcept(s_digitsAndDots);
        var word = end < 0 ? text : text[..end];
        Span<Range> parts = stackalloc Range[4];
        if (word.Split(parts, '.') != 3 || word[parts[0]] is not ("2" or "4" or "5"))
            return null;
        return Part(word[parts[1]]) is { } subject && Part(word[parts[2]]) is { } detail
            ? new EnhancedCode(word[0] - '0', subject, detail)
            : null;
    }

    private static int? Part(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= 3 ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;
}

/// <summary>A relay's reply (RFC 5321 §4.2), cut and escaped so that it can be stored and shown whatever a server sends.</summary>
/// <param name="Code">200 to 599; 0 when the reply has no intelligible code.</param>
/// <param name="Enhanced">The first line's enhanced code, if its class agrees with the code.</param>
/// <param name="Text">The lines without code and that enhanced code, joined by spaces: at most <see cref="MaxTextBytes"/> bytes of the reply, control characters and bytes that are no UTF-8 as <c>\xNN</c>.</param>
/// <param name="FirstLine">The first line of <paramref name="Text"/>, by which the reply is classified.</param>
public sealed record SmtpReply(int Code, EnhancedCode? Enhanced, string Text, string FirstLine)
{
    /// <summary>No more of a reply's text is looked at, or kept.</summary>
    public const int MaxTextBytes = 512;

    public bool IsPositive => Code is >= 200 and < 300;

    public bool IsIntermediate => Code is >= 300 and < 400;

    public bool IsTransient => Code is >= 400 and < 500;

    public bool IsPermanent => Code is >= 500 and < 600;

    /// <summary>A no, for now or for good. Codes that nobody defined say nothing.</summary>
    public bool IsRefusal => IsTransient || IsPermanent;

    /// <summary>From a client that has parsed the code; <paramref name="text"/> is one line without it, with the enhanced code if sent.</summary>
    public static SmtpReply Create(int code, string text) =>
        Create(code is >= 200 and <= 599 ? code : 0, Encoding.UTF8.GetBytes(text.Length > MaxTextBytes ? text[..MaxTextBytes] : text), []);

    /// <summary>From the wire: whatever came, one line or more, with or without line ends.</summary>
    public static SmtpReply Parse(ReadOnlySpan<byte> raw)
    {
        var end = raw.IndexOf((byte)'\n');
        var first = end < 0 ? raw : raw[..end];
        return Create(CodeOf(first), WithoutCode(first), raw[Math.Min(first.Length + 1, raw.Length)..]);
    }

    /// <summary>Any text, cut and escaped like a reply's.</summary>
    public static string Printable(string text) => Create(0, text).Text;

    /// <summary>As stored with the delivery: code, enhanced code, text.</summary>
    public override string ToString()
    {
        string[] parts = [Code == 0 ? "" : Code.ToString(CultureInfo.InvariantCulture), Enhanced?.ToString() ?? "", Text];
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    private static SmtpReply Create(int code, ReadOnlySpan<byte> first, ReadOnlySpan<byte> further)
    {
        first = first[..Math.Min(first.Length, MaxTextBytes)];
        var line = Escape(first);
        var enhanced = EnhancedCode.Parse(line) is { } parsed && parsed.Class == code / 100 ? parsed : (EnhancedCode?)null;
        if (enhanced is not null)
            line = line[enhanced.Value.ToString().Length..].TrimStart();
        return new SmtpReply(code, enhanced, further.IsEmpty ? line : line + Join(further, MaxTextBytes - first.Length), line);
    }

    private static string Join(ReadOnlySpan<byte> lines, int room)
    {
        var text = new StringBuilder();
        foreach (var range in lines[..Math.Min(lines.Length, 2 * MaxTextBytes)].Split((byte)'\n'))
        {
            var line = WithoutCode(lines[range]);
            line = line[..Math.Clamp(room - 1, 0, line.Length)];
            if (line.IsEmpty)
                continue;
            text.Append(' ').Append(Escape(line));
            room -= 1 + line.Length;
        }
        return text.ToString();
    }

    private static int CodeOf(ReadOnlySpan<byte> line)
    {
        var hasCode = line.Length >= 3 && !line[..3].ContainsAnyExceptInRange((byte)'0', (byte)'9') && (line.Length == 3 || " -\r"u8.Contains(line[3]));
        return hasCode && int.Parse(line[..3], NumberStyles.None, CultureInfo.InvariantCulture) is >= 200 and <= 599 and var code ? code : 0;
    }

    private static ReadOnlySpan<byte> WithoutCode(ReadOnlySpan<byte> line) => CodeOf(line) == 0 ? line : line[Math.Min(line.Length, 4)..];

    private static string Escape(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.TrimEnd("\r\n "u8);
        if (!bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !bytes.Contains((byte)'\\'))
            return Encoding.ASCII.GetString(bytes);
        var text = new StringBuilder(bytes.Length);
        for (var rest = bytes; !rest.IsEmpty;)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var used);
            if (status == OperationStatus.Done && !Rune.IsControl(rune) && rune.Value != '\\')
                text.Append(rune.ToString());
            else
                EscapeBytes(text, rest[..used]);
            rest = rest[used..];
        }
        return text.ToString();
    }

    private static void EscapeBytes(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            text.Append(CultureInfo.InvariantCulture, $"\\x{b:X2}");
    }
}
