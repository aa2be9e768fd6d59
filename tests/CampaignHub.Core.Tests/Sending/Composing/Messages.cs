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
        To = new("Anna", "anna@customer.example"),
        Date = Compose.Date,
    };

    public static readonly MailAddress From = new("Shop", "news@shop.example");

    public static byte[] Bytes(
        RenderedContent content, MessageEnvelope? envelope = null, MailAddress? from = null, MailAddress? replyTo = null)
    {
        using var bytes = new PooledBuffer<byte>();
        new MessageWriter(from ?? From, replyTo ?? new(null, "hi@shop.example")).Write(envelope ?? Envelope, content, bytes);
        return bytes.Written.ToArray();
    }

    /// <summary>What a text is once it has been mailed: RFC 2045's canonical form.</summary>
    public static string Canonical(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n')
            .Replace("\n", "\r\n", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal)));

    /// <summary>A part's text as it is in the mail, line ends included.</summary>
    public static string Decoded(MimeMessage message, int part)
    {
        using var bytes = new MemoryStream();
        ((MimePart)((Multipart)message.Body!)[part]).Content!.DecodeTo(bytes);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    public static MimeMessage Reparse(byte[] bytes, out string[] lines)
    {
        lines = Encoding.Latin1.GetString(bytes).Split("\r\n");
        return MimeMessage.Load(new MemoryStream(bytes));
    }

    public static RenderedContent Content(string subject = "Hello", string html = "<p>Hi</p>", string text = "Hi\n") =>
        new(subject, html, text, CountingLinks.UnsubscribeUrl, [], []);
}
