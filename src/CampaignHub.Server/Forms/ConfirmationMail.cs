using System.Globalization;
using System.Text;
using CampaignHub.Core.Pages;
using CampaignHub.Core.Sending;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Mime;
using CampaignHub.Core.Sending.Signing;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Relays;
using CampaignHub.Server.Relays.Smtp;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>A confirming mail ready to be sent.</summary>
internal sealed record ConfirmationMessage(Form Form, FormConfirmation Asked, string Link, Relay Relay, EnvelopeSenders Senders, DkimSigner? Signer, Instant At);

/// <summary>Composes the mail that asks to confirm, in the language of the page that was filled in, and hands it to a relay. It is of no campaign, and not tracked.</summary>
internal sealed class ConfirmationMail(RelayPools pools)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>How it went; null where the relay was silent for too long.</summary>
    public async Task<SmtpResult?> SendAsync(ConfirmationMessage message, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(s_patience);
        using var bytes = Compose(message);
        try
        {
            await using var rental = await pools.Of(message.Relay).RentAsync(patience.Token);
            return await rental.SendAsync(
                bytes.WrittenMemory, message.Senders.Of(message.Relay, message.Form.FromEmail, Guid.Empty), message.Asked.Email, SendingLeave.Always, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private static PooledBuffer<byte> Compose(ConfirmationMessage message)
    {
        var (form, asked) = (message.Form, message.Asked);
        var words = PageWords.Of(asked.PageLanguage);
        var writer = new MessageWriter(new MailAddress(form.FromName, form.FromEmail), form.ReplyTo is { } replyTo ? new MailAddress(null, replyTo) : null);
        var envelope = new MessageEnvelope
        {
            DeliveryId = IdOf(asked),
            To = new MailAddress(null, asked.Email),
            Date = message.At,
            ExtraHeaders = message.Senders.HeadersOf(message.Relay, Guid.Empty),
        };
        var bytes = new PooledBuffer<byte>();
        writer.WriteNotice(envelope, Said(asked.Mails == 0 ? words.MailSubject : words.ReminderSubject, form), Text(message, words), Html(message, words), bytes);
        if (message.Signer is not { } signer)
            return bytes;
        using (bytes)
        {
            var signed = new PooledBuffer<byte>();
            signer.Sign(bytes.Written, message.At, signed);
            return signed;
        }
    }

    /// <summary>The same for the same mail, whoever sends it after a crash; another for the reminder.</summary>
    private static Guid IdOf(FormConfirmation asked)
    {
        var bytes = asked.ConfirmationId.ToByteArray(bigEndian: true);
        bytes[^1] ^= (byte)asked.Mails;
        return new Guid(bytes, bigEndian: true);
    }

    private static string Text(ConfirmationMessage message, PageWords words) => new StringBuilder()
        .Append(Said(words.MailText, message.Form)).Append("\n\n").Append(message.Link).Append("\n\n")
        .Append(message.Asked.Wording).Append("\n\n").Append(words.MailIgnore).Append('\n').ToString();

    private static string Html(ConfirmationMessage message, PageWords words) => string.Create(CultureInfo.InvariantCulture, $"""
        <!DOCTYPE html>
        <html lang="{message.Asked.PageLanguage.Tag}" dir="{message.Asked.PageLanguage.Direction}">
        <head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>
        <body style="font:16px/1.5 system-ui,sans-serif">
        <p>{PublicPage.Text(Said(words.MailText, message.Form))}</p>
        <p><a href="{message.Link}" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#1f5fbf;color:#fff;text-decoration:none;font-weight:600">{PublicPage.Text(words.MailButton)}</a></p>
        <p dir="auto">{PublicPage.Text(message.Asked.Wording)}</p>
        <p>{PublicPage.Text(words.MailIgnore)}</p>
        </body>
        </html>

        """);

    private static string Said(string sentence, Form form) => PageWords.With(sentence, ("sender", form.Sender));
}
