using System.Globalization;
using System.Text;
using CampaignHub.Core.Sending;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>MAIL, RCPT, DATA and the message, on a connection that is ready. In one write up to DATA where PIPELINING is offered.</summary>
internal sealed class SmtpTransaction(SmtpDialogue dialogue, SmtpExtensions extensions, SendingLeave leave)
{
    private static readonly SmtpPhase[] Steps = [SmtpPhase.MailFrom, SmtpPhase.RcptTo, SmtpPhase.Data];
    private static readonly ReadOnlyMemory<byte> Dot = "."u8.ToArray();
    private static readonly ReadOnlyMemory<byte> FinalDot = ".\r\n"u8.ToArray();

    /// <param name="envelope">Fitted to the relay.</param>
    /// <param name="message">In lines that end in CR LF.</param>
    public async Task<SmtpResult> RunAsync(Envelope envelope, ReadOnlyMemory<byte> message)
    {
        var mail = MailFrom(envelope, message);
        var recipient = $"RCPT TO:<{envelope.Recipient}>";
        var ended = extensions.Pipelining ? await PipelineAsync(mail, recipient) : await StepAsync(mail, recipient);
        return ended ?? await MessageAsync(message);
    }

    /// <summary>MAIL FROM and RSET: whether the relay takes a sender.</summary>
    public async Task<SmtpResult> TrySenderAsync(Envelope envelope)
    {
        var reply = await dialogue.AskAsync(SmtpPhase.MailFrom, MailFrom(envelope, null));
        return await ResetAsync(SmtpResult.Replied(SmtpPhase.MailFrom, reply));
    }

    private string MailFrom(Envelope envelope, ReadOnlyMemory<byte>? message)
    {
        var command = new StringBuilder($"MAIL FROM:<{envelope.Sender}>");
        if (extensions.Size && message is { } sized)
            command.Append(CultureInfo.InvariantCulture, $" SIZE={sized.Length}");
        if (extensions.EightBitMime && message is { } body && !Ascii.IsValid(body.Span))
            command.Append(" BODY=8BITMIME");
        return command.Append(envelope.NeedsUtf8 ? " SMTPUTF8" : "").ToString();
    }

    private async Task<SmtpResult?> StepAsync(string mail, string recipient)
    {
        foreach (var (phase, command) in Steps.Zip([mail, recipient, "DATA"]))
        {
            if (phase == SmtpPhase.Data && !await leave.MayBeginData())
                return await ResetAsync(Withdrawn(SmtpPhase.RcptTo));
            var reply = await dialogue.AskAsync(phase, command, Expected(phase));
            if (reply.IsRefusal)
                return await ResetAsync(SmtpResult.Replied(phase, reply));
        }
        return null;
    }

    private async Task<SmtpResult?> PipelineAsync(string mail, string recipient)
    {
        if (!await leave.MayBeginData())
            return Withdrawn(SmtpPhase.MailFrom);
        await dialogue.GatherAsync($"{mail}\r\n{recipient}\r\nDATA");
        await dialogue.FlushAsync();
        SmtpResult? refusal = null;
        var (anybody, open) = (false, false);
        foreach (var phase in Steps)
        {
            var reply = await dialogue.ReplyAsync(phase, Expected(phase));
            if (reply.IsRefusal)
                refusal = dialogue.Stand(SmtpResult.Replied(phase, reply));
            if (reply.Code == 421)
                return refusal;
            anybody |= phase == SmtpPhase.RcptTo && !reply.IsRefusal;
            open = !reply.IsRefusal;
        }
        if (refusal is not null && open)
            await EndWithoutRecipientAsync(anybody);
        return refusal is null ? null : await ResetAsync(refusal);
    }

    // RFC 2920 3.1: DATA was let through although all recipients were refused. Where one wasn't, the empty message would
    // reach somebody.
    private async Task EndWithoutRecipientAsync(bool anybody)
    {
        if (anybody)
            throw new BrokenDialogueException(SmtpFailure.Protocol, "DATA was let through for a refused sender");
        await dialogue.AskAsync(SmtpPhase.Data, ".", expected: 0);
    }

    private async Task<SmtpResult> MessageAsync(ReadOnlyMemory<byte> message)
    {
        dialogue.Enter(SmtpPhase.Body);
        await StuffAsync(message);
        if (dialogue.HasUnread)
            return await InterruptedAsync();
        if (!leave.MayFinish())
        {
            dialogue.Dispose();
            return Withdrawn(SmtpPhase.Body);
        }
        await dialogue.GatherAsync(FinalDot);
        await dialogue.FlushAsync();
        return SmtpResult.Replied(SmtpPhase.AfterDot, await dialogue.ReplyAsync(SmtpPhase.AfterDot));
    }

    // RFC 5321 4.5.2: a dot that begins a line is doubled. What lies between such lines is written as it is.
    private async Task StuffAsync(ReadOnlyMemory<byte> message)
    {
        for (var rest = message; !rest.IsEmpty;)
        {
            if (rest.Span[0] == '.')
                await dialogue.GatherAsync(Dot);
            var at = rest.Span.IndexOf("\r\n."u8);
            var run = at < 0 ? rest.Length : at + 2;
            await dialogue.GatherAsync(rest[..run]);
            rest = rest[run..];
        }
    }

    // The server spoke before its turn. Without the dot nothing can have been accepted.
    private async Task<SmtpResult> InterruptedAsync()
    {
        var reply = await dialogue.ReplyAsync(SmtpPhase.Body, expected: 0);
        dialogue.Dispose();
        return reply.IsRefusal
            ? SmtpResult.Replied(SmtpPhase.Body, reply)
            : SmtpResult.Failed(SmtpPhase.Body, SmtpFailure.Protocol, $"unexpected reply: {reply}");
    }

    private async Task<SmtpResult> ResetAsync(SmtpResult result)
    {
        dialogue.Stand(result);
        if (result.Code != 421 && (await dialogue.AskAsync(result.Phase, "RSET")).IsRefusal)
            dialogue.Dispose();
        return result;
    }

    private static int Expected(SmtpPhase phase) => phase == SmtpPhase.Data ? 3 : 2;

    private static SmtpResult Withdrawn(SmtpPhase phase) => SmtpResult.Failed(phase, SmtpFailure.Withdrawn,
        phase == SmtpPhase.Body ? "the leave to send was taken back before the final dot" : "the leave to send was taken back before DATA");
}
