using System.Text;
using CampaignHub.Server.Demo;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Demo.Readers;
using NodaTime;

namespace CampaignHub.Server.Tests.Demo.Readers;

public sealed class DeliveredMailTests
{
    private const string Body = """
        <a href="http://hub.example/c/one">1</a><a href="mailto:hi@shop.example">write</a><a href="http://hub.example/c/two">2</a>
        <a href="http://hub.example/c/one">again</a><a href="http://hub.example/u/x">leave</a><img src="http://hub.example/o/pixel.gif">
        """;

    [Fact]
    public void Tracking_urls_are_found_where_they_stand()
    {
        var mail = DeliveredMail.Of(Received("List-Unsubscribe: <http://hub.example/u/x>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", Body));
        mail.Address.ShouldBe("ann@example.com");
        mail.Pixel.AbsolutePath.ShouldBe("/o/pixel.gif");
        mail.Links.Select(link => link.AbsolutePath).ShouldBe(["/c/one", "/c/two"]);
        mail.Unsubscribe.AbsolutePath.ShouldBe("/u/x");
    }

    [Fact]
    public void A_mail_without_one_click_is_a_failure() =>
        Should.Throw<DemoFailure>(() => DeliveredMail.Of(Received("List-Unsubscribe: <http://hub.example/u/x>\r\n", Body))).Message.ShouldContain("List-Unsubscribe");

    [Fact]
    public void A_mail_without_pixel_is_a_failure() =>
        Should.Throw<DemoFailure>(() => DeliveredMail.Of(Received("", "<p>Hello</p>"))).Message.ShouldContain("pixel");

    private static SinkMessage Received(string headers, string html)
    {
        var source = Encoding.ASCII.GetBytes($"{headers}Subject: Hello\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n");
        return new SinkMessage(new("news@shop.example", ["ann@example.com"]), "id@shop.example", Instant.FromUtc(2026, 10, 25, 9, 0), () => source);
    }
}
