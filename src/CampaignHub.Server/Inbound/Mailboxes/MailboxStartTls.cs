using System.Text;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>
/// Asks a mailbox's server for TLS on a connection that begins in clear text: STARTTLS of IMAP (RFC 9051, 6.2.1), STLS of POP3 (RFC 2595, 4).
/// A server that doesn't take it is a fault, never a reason to go on without. Read byte by byte, so that nothing that was said ahead of the
/// handshake, by whomever, can be taken for something said under it: it breaks the handshake instead.
/// </summary>
internal static class MailboxStartTls
{
    private const int LongestLine = 8_192;
    private const int MostLines = 100;

    /// <summary>What MailKit is told in place of the greeting, which was heard before TLS and counts for nothing.</summary>
    public static string Greeting(string protocol) => protocol == "imap" ? "* OK TLS\r\n" : "+OK TLS\r\n";

    /// <exception cref="MailboxFaultException">The server doesn't take it.</exception>
    public static async Task AskAsync(Stream plain, string protocol, CancellationToken ct)
    {
        var (greets, asks, answers, agrees) = protocol == "imap" ? ("* OK", "A STARTTLS\r\n", "A ", "A OK") : ("+OK", "STLS\r\n", "", "+OK");
        if (await LineAsync(plain, ct) is var greeting && !IsSaid(greeting, greets))
            throw new MailboxFaultException($"The server greets with {greeting}, after which there is no STARTTLS.");
        await plain.WriteAsync(Encoding.ASCII.GetBytes(asks), ct);
        for (var lines = 0; lines < MostLines; lines++)
        {
            var line = await LineAsync(plain, ct);
            if (!line.StartsWith(answers, StringComparison.Ordinal))
                continue; // IMAP may say other things before it answers.
            if (!IsSaid(line, agrees))
                throw new MailboxFaultException($"The server doesn't take STARTTLS, which the mailbox's settings require: {line}");
            return;
        }
        throw new MailboxFaultException("The server doesn't answer to STARTTLS.");
    }

    private static bool IsSaid(string line, string words) => $"{line} ".StartsWith($"{words} ", StringComparison.OrdinalIgnoreCase);

    private static async Task<string> LineAsync(Stream plain, CancellationToken ct)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < LongestLine)
        {
            if (await plain.ReadAsync(one, ct) == 0)
                throw new MailboxFaultException("The server hangs up before STARTTLS.");
            if (one[0] == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }
        throw new MailboxFaultException("The server's first lines are too long.");
    }
}
