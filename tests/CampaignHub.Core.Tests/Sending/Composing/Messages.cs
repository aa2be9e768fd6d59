using System.Text;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Mime;
using MimeKit;

namespace CampaignHub.Core.Tests.Sending.Composing;

internal static class Messages
{
    public static readonly Guid DeliveryId = Guid.Parse("01937000-0000-7000-8000-000000000001");

    public static MessageEnvelope Envelope => new()
    {
        DeliveryId = DeliveryId,
        From = new("Shop", "news@shop.example"),
        To = new("Anna", "anna@customer.example"),
        ReplyTo = new(null, "hi@shop.example"),
        Date = Compose.Date,
    };

    public static byte[] Bytes(RenderedContent content, MessageEnvelope? envelope = null)
    {
        using var stream = new MemoryStream();
        MessageComposer.Compose(envelope ?? Envelope, content).WriteTo(MessageComposer.Format, stream);
        return stream.ToArray();
    }

    public static MimeMessage Reparse(byte[] bytes, out string[] lines)
    {
        lines = Encoding.Latin1.GetString(bytes).Split("\r\n");
        return MimeMessage.Load(new MemoryStream(bytes));
    }

    public static RenderedContent Content(string subject = "Hello", string html = "<p>Hi</p>", string text = "Hi\n") =>
        new(subject, html, text, CountingLinks.UnsubscribeUrl, [], []);
}
