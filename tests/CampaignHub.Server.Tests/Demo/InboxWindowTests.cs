using System.Net;
using System.Net.NetworkInformation;
using CampaignHub.Server.Demo;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Tests.Demo.Inbox;
using NodaTime;
using NodaTime.Testing;

namespace CampaignHub.Server.Tests.Demo;

public sealed class InboxWindowTests
{
    [Fact]
    public async Task It_lists_the_mails_and_shows_each_as_its_reader_sees_it_on_this_machine_only()
    {
        await using var inbox = SmtpSink.Start(new SmtpSinkOptions { Clock = new FakeClock(Instant.FromUtc(2026, 11, 27, 9, 0)) });
        using var client = await SinkClient.ConnectAsync(inbox.Port);
        await client.BeginDataAsync("Ann@example.com");
        await client.AskAsync("Subject: <b>x</b>\r\nMessage-ID: <a@b.example>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p onclick=\"x()\">Grüße</p>\r\n.");
        await using var window = await InboxWindow.OpenAsync(inbox, CancellationToken.None);
#pragma warning disable RS0030 // Tests call on this machine; nothing needs guarding.
        using var http = new HttpClient { BaseAddress = window.Url };
#pragma warning restore RS0030

        (await http.GetStringAsync("/inbox")).ShouldContain("<td>2026-11-27T09:00:00Z<td>Ann@example.com<td><a href=\"/inbox/1\">1</a>");
        (await http.GetStringAsync("/inbox/1")).ShouldSatisfyAllConditions(
            page => page.ShouldContain("<h1>&lt;b&gt;x&lt;/b&gt;</h1>"), page => page.ShouldContain("sandbox=\"allow-popups allow-popups-to-escape-sandbox\" src=\"/inbox/1/mail\""));
        using var mail = await http.GetAsync("/inbox/1/mail");
        mail.Headers.GetValues("Content-Security-Policy").Single().ShouldSatisfyAllConditions(
            policy => policy.ShouldStartWith("default-src 'none';"), policy => policy.ShouldEndWith("sandbox allow-popups allow-popups-to-escape-sandbox")); // a browser runs nothing of it
        mail.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        (await mail.Content.ReadAsStringAsync()).ShouldBe("<base target=\"_blank\"><p onclick=\"x()\">Grüße</p>\n");
        using var source = await http.GetAsync("/inbox/1/source");
        source.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        (await source.Content.ReadAsStringAsync()).ShouldStartWith("Subject: <b>x</b>\r\nMessage-ID: <a@b.example>\r\n");
        foreach (var absent in (string[])["/inbox/0", "/inbox/2", "/inbox/2/mail", "/inbox/2/source", "/inbox/x", "/"])
            (await http.GetAsync(absent)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(l => l.Port == window.Url.Port)
            .ShouldAllBe(l => IPAddress.IsLoopback(l.Address));
    }
}
