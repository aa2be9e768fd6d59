using CampaignHub.Core.Inbound;
using Npgsql;

namespace CampaignHub.Server.Inbound;

/// <summary>
/// The dialogue of one connection. 250 after a message means that what follows from it is committed; whatever goes wrong
/// before is a 4xx, so that the mail server, which keeps the message, comes again.
/// </summary>
/// <param name="wire">The connection.</param>
/// <param name="paths">Reads return paths.</param>
/// <param name="metrics">Counts what is refused.</param>
/// <param name="intake">Commits what follows from a mail.</param>
internal sealed class InboundSession(InboundWire wire, ReturnPaths paths, InboundMetrics metrics, InboundIntake intake)
{
    private const long MostBytes = 50L << 20;
    private const int MostRecipients = 50;
    private const int MostFaults = 20;

    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(15);

    private readonly List<(Guid TenantId, Guid DeliveryId)> _recipients = [];
    private string _pending = "";
    private bool _hasSender;
    private bool _isLmtp;
    private int _faults;

    public async Task RunAsync(CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        end.CancelAfter(s_longest);
        Say("220 CampaignHub ready");
        await FlushAsync(end.Token);
        while (_faults < MostFaults && await wire.ReadLineAsync(end.Token) is { } line)
        {
            var goesOn = await AnswerAsync(line, end.Token);
            // Replies to commands that were sent together leave together (RFC 2920).
            if (wire.IsDrained || !goesOn)
                await FlushAsync(end.Token);
            if (!goesOn)
                return;
        }
        Say("421 4.7.0 Too many faults");
        await FlushAsync(end.Token);
    }

    private async Task<bool> AnswerAsync(string line, CancellationToken ct)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var argument = space < 0 ? "" : line[(space + 1)..].Trim();
        switch ((space < 0 ? line : line[..space]).ToUpperInvariant())
        {
            case "LHLO":
                Greet(isLmtp: true);
                return true;
            case "EHLO":
                Greet(isLmtp: false);
                return true;
            case "HELO":
                Reset();
                Say("250 CampaignHub");
                return true;
            case "MAIL":
                Begin(argument);
                return true;
            case "RCPT":
                await RecipientAsync(argument, ct);
                return true;
            case "DATA":
                return await TakeAsync(ct);
            case "RSET":
                Reset();
                Say("250 2.0.0 OK");
                return true;
            case "NOOP":
                Say("250 2.0.0 OK");
                return true;
            case "VRFY":
                Say("252 2.1.5 Send it and see");
                return true;
            case "QUIT":
                Say("221 2.0.0 Bye");
                return false;
            default:
                Fault("500 5.5.1 Unknown command");
                return true;
        }
    }

    private void Greet(bool isLmtp)
    {
        Reset();
        _isLmtp = isLmtp;
        Say("250-CampaignHub");
        foreach (var extension in (string[])["PIPELINING", $"SIZE {MostBytes}", "8BITMIME", "SMTPUTF8"])
            Say($"250-{extension}");
        Say("250 ENHANCEDSTATUSCODES");
    }

    private void Begin(string argument)
    {
        if (_hasSender)
            Fault("503 5.5.1 There is a sender already");
        else if (PathOf(argument, "FROM:") is null)
            Fault("501 5.5.4 MAIL FROM:<address>");
        else
        {
            _hasSender = true;
            Say("250 2.1.0 OK");
        }
    }

    private async Task RecipientAsync(string argument, CancellationToken ct)
    {
        if (!_hasSender)
            Fault("503 5.5.1 MAIL first");
        else if (PathOf(argument, "TO:") is not { } address)
            Fault("501 5.5.4 RCPT TO:<address>");
        else if (_recipients.Count == MostRecipients)
            Say("452 4.5.3 Too many recipients");
        else
            Say(await AddAsync(address, ct) switch
            {
                true => "250 2.1.5 OK",
                false => "550 5.1.1 No return path of ours",
                null => "451 4.3.0 The database is away: come again",
            });
    }

    private async Task<bool?> AddAsync(string address, CancellationToken ct)
    {
        try
        {
            if (await paths.ReadAsync(address, ct) is { } found)
            {
                _recipients.Add(found);
                return true;
            }
        }
        catch (NpgsqlException)
        {
            return null;
        }
        metrics.Refused();
        _faults++;
        return false;
    }

    private async Task<bool> TakeAsync(CancellationToken ct)
    {
        if (_recipients.Count == 0)
        {
            Fault("503 5.5.1 RCPT first");
            return true;
        }
        Say("354 Go ahead");
        await FlushAsync(ct);
        if (await wire.ReadMessageAsync(InboundReader.MaxBytes, MostBytes, ct) is not { } message)
        {
            Say("552 5.3.4 Too large");
            return false;
        }
        var mail = InboundReader.Read(message);
        var replies = new List<string>();
        foreach (var (tenantId, deliveryId) in _recipients)
            replies.Add(await ReplyToAsync(tenantId, deliveryId, mail, message, ct));
        // LMTP answers for each recipient (RFC 2033 §4.2); SMTP for all, and what is taken already isn't taken twice.
        foreach (var reply in _isLmtp ? replies : [replies.Find(r => r[0] == '4') ?? replies[0]])
            Say(reply);
        Reset();
        return true;
    }

    private async Task<string> ReplyToAsync(Guid tenantId, Guid deliveryId, InboundMail mail, byte[] message, CancellationToken ct)
    {
        try
        {
            return await intake.TakeAsync(tenantId, deliveryId, mail, message, ct) ? "250 2.0.0 Taken" : "451 4.3.2 Its delivery isn't settled yet: come again";
        }
        catch (NpgsqlException)
        {
            return "451 4.3.0 The database is away: come again";
        }
    }

    private void Reset()
    {
        _hasSender = false;
        _recipients.Clear();
    }

    private void Fault(string reply)
    {
        _faults++;
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

    /// <summary>The path of a command's argument, without its parameters; null where it has none.</summary>
    private static string? PathOf(string argument, string keyword)
    {
        if (!argument.StartsWith(keyword, StringComparison.OrdinalIgnoreCase))
            return null;
        var path = argument[keyword.Length..].TrimStart();
        var end = path.IndexOf('>', StringComparison.Ordinal);
        return path.StartsWith('<') && end > 0 ? path[1..end] : null;
    }
}
