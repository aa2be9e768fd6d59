using System.Text;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>What a server offers in its answer to EHLO (RFC 5321 4.1.1.1): keywords, in capitals, with their parameters.</summary>
internal sealed class SmtpExtensions
{
    private readonly Dictionary<string, string> offered = [];

    private SmtpExtensions(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            // "AUTH=PLAIN" is how servers wrote it before RFC 4954.
            var end = line.AsSpan().IndexOfAny(' ', '=');
            var keyword = (end < 0 ? line : line[..end]).ToUpperInvariant();
            if (keyword.Length is > 0 and <= 40 && keyword.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
                offered[keyword] = end < 0 ? "" : line[(end + 1)..].Trim().ToUpperInvariant();
        }
        Pipelining = offered.ContainsKey("PIPELINING");
        EightBitMime = offered.ContainsKey("8BITMIME");
        Size = offered.ContainsKey("SIZE");
        SmtpUtf8 = offered.ContainsKey("SMTPUTF8");
    }

    public static SmtpExtensions None { get; } = new([]);

    public bool Pipelining { get; }

    public bool EightBitMime { get; }

    public bool Size { get; }

    public bool SmtpUtf8 { get; }

    public bool StartTls => offered.ContainsKey("STARTTLS");

    /// <summary>Names of SASL mechanisms.</summary>
    public string[] Mechanisms => offered.GetValueOrDefault("AUTH", "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <param name="reply">The whole reply; its first line is the server's name.</param>
    public static SmtpExtensions Parse(ReadOnlySpan<byte> reply) => new(
        Encoding.Latin1.GetString(reply).Split('\n').Skip(1).Where(line => line.Length > 4).Select(line => line[4..].Trim()));

    public override string ToString() => string.Join(", ", offered.Keys);
}
