using CampaignHub.Server.Demo.Inbox;
using MimeKit;
using MimeKit.Text;

namespace CampaignHub.Server.Demo.Readers;

/// <summary>A mail as its reader's program sees it: whose it is, and the tracking URLs that really stand in it.</summary>
/// <param name="Address">The envelope's recipient.</param>
/// <param name="Pixel">The image that counts opens.</param>
/// <param name="Links">The tracked links, each once, in the mail's order.</param>
/// <param name="Unsubscribe">The URL of <c>List-Unsubscribe</c>.</param>
internal sealed record DeliveredMail(string Address, Uri Pixel, IReadOnlyList<Uri> Links, Uri Unsubscribe)
{
    /// <exception cref="DemoFailure">A tracking URL is missing.</exception>
    public static DeliveredMail Of(SinkMessage received)
    {
        using var message = received.Parse();
        var address = received.Recipients[0];
        var urls = Urls(message.HtmlBody ?? "").ToArray();
        return new DeliveredMail(
            address,
            urls.FirstOrDefault(url => url.AbsolutePath.StartsWith("/o/", StringComparison.Ordinal)) ?? throw Missing("pixel", address),
            [.. urls.Where(url => url.AbsolutePath.StartsWith("/c/", StringComparison.Ordinal)).Distinct()],
            OneClick(message) ?? throw Missing("List-Unsubscribe for one click (RFC 8058)", address));
    }

    private static IEnumerable<Uri> Urls(string html)
    {
        var tokens = new HtmlTokenizer(new StringReader(html));
        while (tokens.ReadNextToken(out var token))
        {
            if (token is not HtmlTagToken tag)
                continue;
            foreach (var attribute in tag.Attributes.Where(a => a.Id is HtmlAttributeId.Href or HtmlAttributeId.Src))
            {
                if (Uri.TryCreate(attribute.Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                    yield return url;
            }
        }
    }

    private static Uri? OneClick(MimeMessage message) =>
        message.Headers["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click"
            ? null
            : message.Headers["List-Unsubscribe"]?.Split(',').Select(part => part.Trim(' ', '<', '>'))
                .Where(part => part.StartsWith("http", StringComparison.Ordinal)).Select(part => new Uri(part)).FirstOrDefault();

    private static DemoFailure Missing(string what, string address) => new($"The mail to {address} has no {what}.");
}
