using System.Text;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Links;
using CampaignHub.Core.Sending.Composing.Mime;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Relays;
using CampaignHub.Server.Sending;
using NodaTime;

namespace CampaignHub.Benchmarks;

/// <summary>A campaign as shops send it: about 10 KB of personal HTML in the mail, with 12 links and a pixel.</summary>
internal sealed class ComposeCampaign
{
    private const string Name = "Black Friday";
    private const string Sender = "news@shop.example";
    private static readonly Guid TenantId = Guid.CreateVersion7();
    private static readonly Guid CampaignId = Guid.CreateVersion7();
    private static readonly byte[] TrackingKey = new byte[32];
    private readonly PreparedContent _content;

    public ComposeCampaign()
    {
        if (!PreparedContent.TryPrepare(new("{{ recipient.first_name }}, 30% off until Sunday", Html(), null), new(), out var content, out var problems))
            throw new InvalidOperationException(problems[0].Message);
        _content = content;
        var message = new PreparedMessage(content, new(From, ReplyTo));
        Launched = new LaunchedCampaign(
            TenantId, CampaignId, new LaunchedContent { CampaignName = Name, FromEmail = Sender }, message, Untracked: new(message),
            new SendingHours(AllowedTimes.Always, HolidayCalendar.Empty), Rate: null, Cap: null);
    }

    public static EnvelopeSenders Senders { get; } = new(null, new byte[32]);

    public static Instant Date { get; } = Instant.FromUtc(2026, 11, 27, 10, 0);

    public static MailAddress From { get; } = new("Shop", Sender);

    public static MailAddress ReplyTo { get; } = new(null, "hi@shop.example");

    public static Relay Relay { get; } = new();

    public LaunchedCampaign Launched { get; }

    /// <summary>The n-th person's delivery.</summary>
    public static ClaimedDelivery Delivery(int n) => new()
    {
        DeliveryId = Guid.CreateVersion7(),
        Email = $"anna{n}@customer.example",
        FirstName = "Anna",
        LastName = $"Müller {n}",
        Country = "DE",
        Locale = "de-DE",
        TimeZone = "Europe/Berlin",
        Attributes = """{"tier":"gold","points":120}""",
    };

    public static DeliveryLinks Links(ClaimedDelivery delivery) =>
        new("https://track.shop.example", TrackingKey, TenantId, CampaignId, delivery.DeliveryId);

    /// <summary>One person's content as strings.</summary>
    public RenderedContent Render(ClaimedDelivery delivery, ITrackingLinks links)
    {
        var person = new TemplateRecipient(delivery.Email!) { FirstName = delivery.FirstName, LastName = delivery.LastName, Country = delivery.Country };
        return _content.TryRender(new(person, Name, links, Date), out var rendered, out var failure)
            ? rendered
            : throw new InvalidOperationException(failure.Message);
    }

    private static string Html()
    {
        var html = new StringBuilder("""
            <!doctype html>
            <html><head><meta charset="utf-8"><title>Black Friday</title><style>body { margin:0 }</style></head>
            <body style="margin:0;background:#f4f4f4">
            <p>Hello {{ recipient.first_name | default: "there" }}{% if recipient.country == "DE" %}, delivery in Germany is free{% endif %}.</p>
            <table role="presentation" width="600">

            """);
        for (var i = 0; i < 12; i++)
        {
            html.Append($"""
                  <tr>
                    <td style="padding:16px 24px;font-family:Arial,sans-serif;font-size:14px;line-height:20px;color:#333333">
                      <a href="https://shop.example/p/{i}?utm_source=news&amp;utm_campaign=bf" style="color:#1155cc"><img
                        src="https://cdn.shop.example/{i}.jpg" width="552" height="280" alt="Product {i}" style="display:block"></a>
                      <p>Product {i} is thirty percent off until Sunday night, while stocks last, for “{i}” days with free returns.</p>
                    </td>
                  </tr>

                """);
        }
        return html.Append("</table>\n<p><a href=\"{{ unsubscribe_url }}\">Unsubscribe</a></p>\n</body></html>\n").ToString();
    }
}
