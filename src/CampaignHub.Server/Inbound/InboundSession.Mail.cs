using CampaignHub.Core.Inbound;
using Npgsql;

namespace CampaignHub.Server.Inbound;

/// <summary>The part about a message: its envelope, and what follows from it.</summary>
internal sealed partial class InboundSession
{
    private const long MostBytes = 50L << 20;
    private const int MostRecipients = 50;

    private readonly List<(Guid TenantId, Guid DeliveryId)> _recipients = [];
    private bool _hasSender;

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
        // No fault of the connection's: a mail server passes on whatever anybody sends to the domain.
        metrics.Refused();
        return false;
    }

    private async Task DataAsync(CancellationToken ct)
    {
        if (_recipients.Count == 0)
        {
            Fault("503 5.5.1 RCPT first");
            return;
        }
        Say("354 Go ahead");
        await FlushAsync(ct);
        if (await wire.ReadMessageAsync(InboundReader.MaxBytes, MostBytes, ct) is not { } message)
        {
            End("552 5.3.4 Too large");
            return;
        }
        var mail = InboundReader.Read(message);
        var replies = new List<string>();
        foreach (var (tenantId, deliveryId) in _recipients)
            replies.Add(await ReplyToAsync(tenantId, deliveryId, mail, message, ct));
        // LMTP answers for each recipient (RFC 2033 §4.2); SMTP for all, and what is taken already isn't taken twice.
        foreach (var reply in _isLmtp ? replies : [replies.Find(r => r[0] == '4') ?? replies[0]])
            Say(reply);
        Forget();
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

    private void Reset(string reply)
    {
        Forget();
        Say(reply);
    }

    private void Forget()
    {
        _hasSender = false;
        _recipients.Clear();
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
