using System.Globalization;
using System.Text;
using MimeKit;

namespace CampaignHub.Core.Sending.Composing.Mime;

/// <summary>Builds the RFC 5322 message of one delivery. The same input gives the same bytes.</summary>
public static class MessageComposer
{
    /// <summary>How every message is written: CRLF, headers in ASCII (RFC 2047).</summary>
    public static FormatOptions Format { get; } = CreateFormat();

    /// <exception cref="ArgumentException">
    /// An address that isn't one, or an extra header that its own rules refuse: both are checked where they are stored.
    /// </exception>
    public static MimeMessage Compose(MessageEnvelope envelope, RenderedContent content)
    {
        var message = new MimeMessage(new HeaderList());
        var headers = message.Headers;
        AddMailbox(headers, "From", envelope.From);
        AddMailbox(headers, "To", envelope.To);
        if (envelope.ReplyTo is { } replyTo)
            AddMailbox(headers, "Reply-To", replyTo);
        AddRaw(headers, "Subject", HeaderText.Unstructured("Subject", content.Subject));
        message.Date = envelope.Date.ToDateTimeOffset();
        message.MessageId = envelope.MessageId;
        AddUnsubscribe(headers, content.UnsubscribeUrl);
        AddExtra(headers, envelope.ExtraHeaders);
        message.Body = Body(envelope.DeliveryId, content);
        return message;
    }

    // A boundary must not occur in the parts: both are encoded or short, and the id is this delivery's own.
    private static MultipartAlternative Body(Guid deliveryId, RenderedContent content)
    {
        var body = new MultipartAlternative { BodyPart.Of("plain", content.Text), BodyPart.Of("html", content.Html) };
        body.Boundary = string.Create(CultureInfo.InvariantCulture, $"=_{deliveryId:N}");
        return body;
    }

    // Parsed for its faults only: what is written is the bare address as it was given.
    private static void AddMailbox(HeaderList headers, string field, MailAddress address)
    {
        if (address.Email.Any(char.IsControl) || address.Email.EndsWith('>') || !address.Email.Contains('@') || !MailboxAddress.TryParse(address.Email, out _))
            throw new ArgumentException($"{field} is no address.", nameof(address));
        AddRaw(headers, field, HeaderText.Mailbox(field, address));
    }

    // RFC 8058; set raw, because a folded or encoded URL is none.
    private static void AddUnsubscribe(HeaderList headers, string url)
    {
        AddRaw(headers, "List-Unsubscribe", $"<{HeaderText.OneLine(url)}>");
        AddRaw(headers, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }

    private static void AddRaw(HeaderList headers, string name, string value)
    {
        var header = new Header(name, "");
        header.SetRawValue(Encoding.ASCII.GetBytes($" {value}\r\n"));
        headers.Add(header);
    }

    private static void AddExtra(HeaderList headers, IReadOnlyList<ExtraHeader> extra)
    {
        foreach (var header in extra)
        {
            if (header.Problem() is { } problem)
                throw new ArgumentException($"{header.Name}: {problem}", nameof(extra));
            AddRaw(headers, header.Name, HeaderText.Unstructured(header.Name, header.Value));
        }
    }

    private static FormatOptions CreateFormat()
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.International = false;
        return format;
    }
}
