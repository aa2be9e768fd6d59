using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Server.Deliveries;
using MimeKit;

namespace CampaignHub.Benchmarks;

/// <summary>The same message as an ordinary mailer builds it: a MimeKit message written to a stream, then hashed.</summary>
internal static class ComposeWithMimeKit
{
    private static readonly FormatOptions Format = CreateFormat();

    public static byte[] Compose(ClaimedDelivery delivery, RenderedContent content, out byte[] hash)
    {
        using var message = new MimeMessage();
        message.From.Add(new MailboxAddress(ComposeCampaign.From.Name, ComposeCampaign.From.Email));
        message.To.Add(new MailboxAddress($"{delivery.FirstName} {delivery.LastName}", delivery.Email!));
        message.ReplyTo.Add(new MailboxAddress(null, ComposeCampaign.ReplyTo.Email));
        message.Subject = content.Subject;
        message.Date = ComposeCampaign.Date.ToDateTimeOffset();
        message.MessageId = $"{delivery.DeliveryId:D}@shop.example";
        message.Headers.Add("List-Unsubscribe", $"<{content.UnsubscribeUrl}>");
        message.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        var body = new MultipartAlternative { Part("plain", content.Text), Part("html", content.Html) };
        body.Boundary = string.Create(CultureInfo.InvariantCulture, $"=_{delivery.DeliveryId:N}");
        message.Body = body;
        using var stream = new MemoryStream();
        message.WriteTo(Format, stream);
        var bytes = stream.ToArray();
        hash = SHA256.HashData(bytes);
        return bytes;
    }

    private static TextPart Part(string subtype, string text)
    {
        var part = new TextPart(subtype) { ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        part.SetText(Encoding.UTF8, text.ReplaceLineEndings("\r\n"));
        return part;
    }

    private static FormatOptions CreateFormat()
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        return format;
    }
}
