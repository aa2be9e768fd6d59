using System.Net;
using System.Text.RegularExpressions;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Tests.Reports;
using CampaignHub.Server.Tracking;
using NodaTime;

namespace CampaignHub.Server.Tests.Tracking;

/// <summary>The link of a mail that no person can see.</summary>
public sealed class HoneypotTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task A_campaigns_mail_has_it_where_that_is_asked_for_and_plain_mail_has_none()
    {
        await using var scenario = await Scenario.StartAsync(service);
        await scenario.AddAsync("ann@mail.example");
        var ben = await scenario.AddAsync("ben@mail.example");
        await scenario.Http.PatchAsync($"/v1/recipients/{ben}", new { tracking = false }, HttpStatusCode.OK);
        var campaign = await scenario.DraftAsync();
        (await scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}"))["tracking"]!["honeypot"]!.GetValue<bool>().ShouldBeFalse();
        var refused = await scenario.Http.PatchAsync($"/v1/campaigns/{campaign}", new { tracking = new { clicks = false, honeypot = true } }, HttpStatusCode.UnprocessableEntity);
        refused["errors"]!.AsObject().ShouldContainKey("tracking.honeypot");
        (await scenario.Http.PatchAsync($"/v1/campaigns/{campaign}", new { tracking = new { honeypot = true } }, HttpStatusCode.OK))["tracking"]!["honeypot"]!.GetValue<bool>().ShouldBeTrue();
        await scenario.LaunchAsync(campaign);
        await scenario.FinishedAsync(campaign);

        string HtmlOf(string address) => scenario.Sink.Messages.Single(m => m.Recipients.Contains(address)).Parse().HtmlBody!;
        HtmlOf("ben@mail.example").ShouldNotContain("display:none");
        var hidden = Regex.Match(HtmlOf("ann@mail.example"), "display:none[^>]+><a href=\"http://[^/]+(/c/[^\"]+)\"").Groups[1].Value;
        using var http = service.Anonymous;
        using var answer = await http.FetchAsync(hidden);
        (answer.StatusCode, answer.Headers.Location!.OriginalString).ShouldBe((HttpStatusCode.Found, "https://shop.example/sale"));
        await Eventually.Async(() => service.HasRowAsync($"SELECT FROM campaignhub.hits WHERE campaign_id = '{campaign}' AND class = 'machine' AND reason = 'honeypot'"), "it is judged");
    }

    [Fact]
    public async Task Clicks_within_a_second_of_it_are_a_machines_and_it_is_counted_as_no_link()
    {
        var seed = await Seed.SentAsync(service, 3, "https://shop.example/0", "https://shop.example/1");
        var at = service.Get<IClock>().GetCurrentInstant() - Duration.FromMinutes(1);
        ReceivedHit Click(int delivery, int link, int milliseconds, string method = "GET") => new()
        {
            TenantId = seed.Tenant.Id,
            DeliveryId = seed.Deliveries[delivery],
            Kind = HitKind.Click,
            At = at + Duration.FromMilliseconds(milliseconds),
            LinkIndex = link,
            Method = method,
            UserAgent = Browser.Chrome,
        };
        await HitStore.InsertAsync(
            service.Get<Database>(),
            [
                Click(0, 1, 0), Click(0, Honeypot.LinkIndex, 900), Click(1, Honeypot.LinkIndex, 0, "HEAD"), Click(1, 1, 900), Click(1, 0, 1_100), Click(2, 1, 0),
            ],
            CancellationToken.None);

        var feed = new Feed(seed.Tenant.Http);
        await feed.ReadUntilAsync(4);
        feed.Seen.Select(e => $"{Array.IndexOf(seed.Deliveries, e["delivery_id"]!.GetValue<Guid>())} {e["class"]} {e["reason"]} {e["link_index"]}")
            .ShouldBe(["0 machine honeypot 1", "1 machine honeypot 1", "1 human none 0", "2 human none 1"], ignoreOrder: true);
        (await service.HasRowAsync($"SELECT FROM campaignhub.hits WHERE tenant_id = '{seed.Tenant.Id}' AND class IS NOT NULL HAVING count(*) = 6")).ShouldBeTrue();
        var clicks = (await seed.FoldedReportAsync(service))["clicks"]!;
        (clicks["all"]!["hits"]!.GetValue<long>(), clicks["human"]!["hits"]!.GetValue<long>()).ShouldBe((4, 2));
        (await seed.ReportAsync("links"))["data"]!.AsArray().Select(link => link!["index"]!.GetValue<int>()).ShouldBe([0, 1]);
    }
}
