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
    public async Task It_lists_the_mails_and_shows_the_source_of_each_on_this_machine_only()
    {
        await using var inbox = SmtpSink.Start(new SmtpSinkOptions { Clock = new FakeClock(Instant.FromUtc(2026, 11, 27, 9, 0)) });
        using var client = await SinkClient.ConnectAsync(inbox.Port);
        await client.BeginDataAsync("Ann@example.com");
        await client.AskAsync("Subject: <b>x</b>\r\nMessage-ID: <a@b.example>\r\n\r\nGrüße\r\n.");
        await using var window = await InboxWindow.OpenAsync(inbox, CancellationToken.None);
#pragma warning disable RS0030 // Tests call on this machine; nothing needs guarding.
        using var http = new HttpClient { BaseAddress = window.Url };
#pragma warning restore RS0030

        (await http.GetStringAsync("/inbox")).ShouldBe("1\t2026-11-27T09:00:00Z\tAnn@example.com\ta@b.example\n");
        using var mail = await http.GetAsync("/inbox/1");
        mail.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain"); // a browser runs nothing of it
        mail.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        (await mail.Content.ReadAsStringAsync()).ShouldBe("Subject: <b>x</b>\r\nMessage-ID: <a@b.example>\r\n\r\nGrüße\r\n");
        foreach (var absent in (string[])["/inbox/0", "/inbox/2", "/inbox/x", "/"])
            (await http.GetAsync(absent)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(l => l.Port == window.Url.Port)
            .ShouldAllBe(l => IPAddress.IsLoopback(l.Address));
    }
}
