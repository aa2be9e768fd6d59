namespace CampaignHub.Server.Demo.Inbox;

/// <summary>The mail transaction: MAIL, RCPT, DATA.</summary>
internal sealed partial class SinkSession
{
    private readonly List<string> recipients = [];
    private string? sender;

    private void ForgetEnvelope()
    {
        sender = null;
        recipients.Clear();
    }

    private Task MailAsync(string argument, CancellationToken cancellationToken)
    {
        var path = SinkPath.Parse(argument, "FROM");
        var reply = MailFault(path) ?? Script.OnMailFrom?.Invoke(path!.Address) ?? new SinkReply(250, "2.1.0 OK");
        if (reply.IsPositive)
            sender = path!.Address;
        return AnswerAsync(reply, cancellationToken);
    }

    private SinkReply? MailFault(SinkPath? path)
    {
        if (!greeted || sender is not null)
            return new(503, "5.5.1 Bad sequence of commands");
        if (Options.Login is not null && !authenticated)
            return new(530, "5.7.0 Log in first");
        if (path is null)
            return new(501, "5.5.4 MAIL FROM:<address>");
        return path.Size > Options.MaxMessageBytes ? new(552, "5.3.4 Too large") : null;
    }

    private Task RecipientAsync(string argument, CancellationToken cancellationToken)
    {
        var path = SinkPath.Parse(argument, "TO");
        var reply = RecipientFault(path) ?? Script.OnRecipient?.Invoke(path!.Address) ?? new SinkReply(250, "2.1.5 OK");
        if (reply.IsPositive)
            recipients.Add(path!.Address);
        return AnswerAsync(reply, cancellationToken);
    }

    private SinkReply? RecipientFault(SinkPath? path)
    {
        if (sender is null)
            return new(503, "5.5.1 Bad sequence of commands");
        if (path is null || path.Address.Length == 0)
            return new(501, "5.5.4 RCPT TO:<address>");
        return recipients.Count >= Options.MaxRecipients ? new(452, "4.5.3 Too many recipients") : null;
    }

    private async Task DataAsync(CancellationToken cancellationToken)
    {
        if (sender is null || recipients.Count == 0)
        {
            await AnswerAsync(new(503, "5.5.1 No valid recipients"), cancellationToken);
            return;
        }
        var envelope = new SinkEnvelope(sender, [.. recipients]);
        ForgetEnvelope();
        var reply = Script.OnData?.Invoke(envelope) ?? new SinkReply(354, "Go ahead");
        await AnswerAsync(reply, cancellationToken);
        await wire.FlushAsync(cancellationToken);
        if (open && reply.Code == 354 && await ReadBodyAsync(envelope, cancellationToken) is { } body)
            await FinishAsync(envelope, body, cancellationToken);
    }

    // Null: the script has ended the connection in mid-body.
    private async Task<SinkBody?> ReadBodyAsync(SinkEnvelope envelope, CancellationToken cancellationToken)
    {
        var fault = Script.OnBody?.Invoke(envelope);
        var body = new SinkBody(Options.MaxMessageBytes);
        if (await body.ReadAsync(wire.Reader, fault?.AfterBytes ?? long.MaxValue, cancellationToken))
            return body;
        if (fault is { Drop: false })
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        open = false;
        return null;
    }

    private async Task FinishAsync(SinkEnvelope envelope, SinkBody body, CancellationToken cancellationToken)
    {
        if (body.TooLarge)
        {
            await AnswerAsync(new(552, "5.3.4 Too large"), cancellationToken);
            return;
        }
        var received = sink.Store.Receive(envelope, body.ToArray());
        var reply = Script.OnMessage?.Invoke(received.Message) ?? new SinkReply(250, "2.0.0 Kept");
        if (reply.IsPositive && !await sink.Store.KeepAsync(received, cancellationToken))
            reply = new(452, "4.3.1 The sink is full");
        await AnswerAsync(reply, cancellationToken);
    }
}
