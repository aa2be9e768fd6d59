using System.Buffers;
using System.Globalization;
using System.Text;
using NodaTime;

namespace CampaignHub.Core.Sending.Composing.Mime;

/// <summary>
/// Writes RFC 5322 messages of one sender straight to bytes: CRLF, headers in ASCII (RFC 2047), a text and an HTML part.
/// The same input gives the same bytes. Safe from many threads.
/// </summary>
public sealed class MessageWriter
{
    private readonly byte[] _sender;
    private readonly string _domain;

    /// <exception cref="ArgumentException">An address that isn't one.</exception>
    public MessageWriter(MailAddress from, MailAddress? replyTo)
    {
        using var sender = new PooledBuffer<byte>();
        sender.WriteMailbox("From", from);
        if (replyTo is not null)
            sender.WriteMailbox("Reply-To", replyTo);
        _sender = sender.Written.ToArray();
        _domain = from.Email[(from.Email.LastIndexOf('@') + 1)..];
    }

    /// <summary><c>id@domain</c> without angle brackets: the delivery under the sender's domain.</summary>
    public string MessageIdOf(Guid deliveryId) => $"{deliveryId:D}@{_domain}";

    /// <summary>Appends a message whose content is at hand.</summary>
    /// <exception cref="ArgumentException">
    /// An address that isn't one, or an extra header that its own rules refuse: both are checked where they are stored.
    /// </exception>
    public void Write(MessageEnvelope envelope, RenderedContent content, IBufferWriter<byte> target)
    {
        WriteHeader(envelope, content.Subject, content.UnsubscribeUrl, target);
        WriteBody(envelope.DeliveryId, content.Text, content.Html, target);
    }

    /// <summary>Appends a message of no campaign, which answers what one person did: there is no list to leave (RFC 3834: <c>Auto-Submitted</c>).</summary>
    /// <exception cref="ArgumentException">As above.</exception>
    public void WriteNotice(MessageEnvelope envelope, string subject, string text, string html, IBufferWriter<byte> target)
    {
        WriteHeader(envelope, HeaderText.OneLine(subject), null, target);
        WriteBody(envelope.DeliveryId, text, html, target);
    }

    internal void Write(MessageEnvelope envelope, RenderedParts content, IBufferWriter<byte> target)
    {
        WriteHeader(envelope, content.Subject, content.UnsubscribeUrl, target);
        WriteBody(envelope.DeliveryId, content.Text.Written, content.Html.Written, target);
    }

    private void WriteHeader(MessageEnvelope envelope, string subject, string? unsubscribeUrl, IBufferWriter<byte> target)
    {
        target.Write(_sender);
        target.WriteMailbox("To", envelope.To);
        target.WriteField("Subject", HeaderText.Unstructured("Subject", subject));
        WriteDate(envelope.Date, target);
        target.WriteField("Message-ID", $"<{MessageIdOf(envelope.DeliveryId)}>");
        if (unsubscribeUrl is not null)
        {
            // RFC 8058; never folded or encoded, because such a URL is none.
            target.WriteField("List-Unsubscribe", $"<{HeaderText.OneLine(unsubscribeUrl)}>");
            target.Write("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"u8);
        }
        else
            target.Write("Auto-Submitted: auto-generated\r\n"u8);
        foreach (var header in envelope.ExtraHeaders)
            target.WriteExtra(header);
    }

    private static void WriteDate(Instant date, IBufferWriter<byte> target)
    {
        target.Write("Date: "u8);
        date.ToDateTimeUtc().TryFormat(target.GetSpan(32), out var length, "ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
        target.Advance(length);
        target.Write("\r\n"u8);
    }

    // A boundary must not occur in the parts: both are encoded or short, and the id is this delivery's own.
    private static void WriteBody(Guid deliveryId, ReadOnlySpan<char> text, ReadOnlySpan<char> html, IBufferWriter<byte> target)
    {
        Span<byte> boundary = stackalloc byte[34];
        "=_"u8.CopyTo(boundary);
        deliveryId.TryFormat(boundary[2..], out _, "N");
        target.Write("MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary=\""u8);
        target.Write(boundary);
        target.Write("\"\r\n\r\n--"u8);
        target.Write(boundary);
        target.Write("\r\n"u8);
        BodyPart.Write("plain"u8, text, target);
        target.Write("\r\n--"u8);
        target.Write(boundary);
        target.Write("\r\n"u8);
        BodyPart.Write("html"u8, html, target);
        target.Write("\r\n--"u8);
        target.Write(boundary);
        target.Write("--\r\n"u8);
    }
}
