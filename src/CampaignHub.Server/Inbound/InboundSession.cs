namespace CampaignHub.Server.Inbound;

/// <summary>
/// The dialogue of one connection. 250 after a message means that what follows from it is committed; whatever goes wrong
/// before is a 4xx, so that the mail server, which keeps the message, comes again.
/// </summary>
/// <param name="wire">The connection.</param>
/// <param name="paths">Reads return paths.</param>
/// <param name="metrics">Counts what is refused.</param>
/// <param name="intake">Commits what follows from a mail.</param>
internal sealed partial class InboundSession(InboundWire wire, ReturnPaths paths, InboundMetrics metrics, InboundIntake intake)
{
    private const int MostFaults = 20;

    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(15);

    private string _pending = "";
    private bool _goesOn = true;
    private bool _isLmtp;
    private int _faults;

    public async Task RunAsync(CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        end.CancelAfter(s_longest);
        Say("220 CampaignHub ready");
        await FlushAsync(end.Token);
        while (_goesOn && await wire.ReadLineAsync(end.Token) is { } line)
        {
            await AnswerAsync(line, end.Token);
            if (_faults >= MostFaults)
                End("421 4.7.0 Too many faults");
            // Replies to commands that were sent together leave together (RFC 2920).
            if (wire.IsDrained || !_goesOn)
                await FlushAsync(end.Token);
        }
    }

    private async Task AnswerAsync(string line, CancellationToken ct)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var argument = space < 0 ? "" : line[(space + 1)..].Trim();
        switch ((space < 0 ? line : line[..space]).ToUpperInvariant())
        {
            case "LHLO":
                Greet(isLmtp: true);
                break;
            case "EHLO":
                Greet(isLmtp: false);
                break;
            case "HELO":
                Reset("250 CampaignHub");
                break;
            case "MAIL":
                Begin(argument);
                break;
            case "RCPT":
                await RecipientAsync(argument, ct);
                break;
            case "DATA":
                await DataAsync(ct);
                break;
            case "RSET":
                Reset("250 2.0.0 OK");
                break;
            case "NOOP":
                Say("250 2.0.0 OK");
                break;
            case "VRFY":
                Say("252 2.1.5 Send it and see");
                break;
            case "QUIT":
                End("221 2.0.0 Bye");
                break;
            default:
                Fault("500 5.5.1 Unknown command");
                break;
        }
    }

    private void Greet(bool isLmtp)
    {
        _isLmtp = isLmtp;
        Reset("250-CampaignHub");
        foreach (var extension in (string[])["PIPELINING", $"SIZE {MostBytes}", "8BITMIME", "SMTPUTF8"])
            Say($"250-{extension}");
        Say("250 ENHANCEDSTATUSCODES");
    }

    private void Fault(string reply)
    {
        _faults++;
        Say(reply);
    }

    private void End(string reply)
    {
        _goesOn = false;
        Say(reply);
    }

    private void Say(string reply) => _pending += reply + "\r\n";

    private async Task FlushAsync(CancellationToken ct)
    {
        var replies = _pending;
        _pending = "";
        if (replies.Length > 0)
            await wire.WriteAsync(replies, ct);
    }
}
