using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Tests.Reports;

namespace CampaignHub.Server.Tests.Tracking;

/// <summary>People and browsers that don't want to be tracked.</summary>
public sealed class TrackingWishTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task Mail_to_somebody_who_does_not_want_to_be_tracked_has_no_picture_and_plain_links()
    {
        await using var scenario = await Scenario.StartAsync(service);
        var ann = await scenario.AddAsync("ann@mail.example");
        await scenario.AddAsync("ben@mail.example");
        (await scenario.Http.GetJsonAsync($"/v1/recipients/{ann}"))["tracking"]!.GetValue<bool>().ShouldBeTrue();
        (await scenario.Http.PatchAsync($"/v1/recipients/{ann}", new { tracking = false }, HttpStatusCode.OK))["tracking"]!.GetValue<bool>().ShouldBeFalse();
        await scenario.Http.PatchAsync($"/v1/recipients/{ann}", new { first_name = "Anna" }, HttpStatusCode.OK);

        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.FinishedAsync(campaign);

        string HtmlOf(string address) => scenario.Sink.Messages.Single(m => m.Recipients.Contains(address)).Parse().HtmlBody!;
        HtmlOf("ann@mail.example").ShouldContain("href=\"https://shop.example/sale\"");
        HtmlOf("ann@mail.example").ShouldNotContain("/o/");
        HtmlOf("ann@mail.example").ShouldNotContain("/c/");
        HtmlOf("ann@mail.example").ShouldContain("/u/");
        HtmlOf("ben@mail.example").ShouldContain("/o/");
        HtmlOf("ben@mail.example").ShouldContain("/c/");
        (await scenario.Http.PatchAsync($"/v1/recipients/{ann}", new { tracking = (bool?)null }, HttpStatusCode.OK))["tracking"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData("DNT", "1")]
    [InlineData("Sec-GPC", "1")]
    public async Task A_hit_of_a_browser_that_says_so_is_counted_and_kept_without_its_person(string header, string value)
    {
        var seed = await Seed.SentAsync(service, 2);
        using var http = service.Anonymous;
        await http.FetchAsync(seed.Link(), headers: (header, value));
        await http.FetchAsync(seed.Link(), headers: (header, "0"));

        var clicks = await ClicksAsync(seed, 2);
        clicks.Count(c => c["delivery_id"] is null && c["recipient_id"] is null && c["email"] is null && c["url"] is null).ShouldBe(1);
        clicks.ShouldAllBe(c => c["link_index"]!.GetValue<int>() == 0 && c["class"]!.GetValue<string>() == "human");
        (await service.HasRowAsync($"SELECT FROM campaignhub.hits WHERE tenant_id = '{seed.Tenant.Id}' AND anonymous AND (delivery_id IS NOT NULL OR url IS NOT NULL OR user_agent IS NOT NULL)")).ShouldBeFalse();
        (await service.HasRowAsync($"SELECT FROM campaignhub.hits WHERE tenant_id = '{seed.Tenant.Id}' AND anonymous")).ShouldBeTrue();

        var human = (await seed.FoldedReportAsync(service))["clicks"]!["human"]!;
        human["hits"]!.GetValue<long>().ShouldBe(2);
        human["unique"]!.GetValue<long>().ShouldBe(1);
        await NothingDiffersAsync();
    }

    [Fact]
    public async Task Hits_on_mail_from_before_are_counted_without_a_person_who_has_since_said_no()
    {
        var seed = await Seed.SentAsync(service, 1);
        await seed.Tenant.Http.PatchAsync($"/v1/recipients/{seed.Recipients[0]}", new { tracking = false }, HttpStatusCode.OK);
        using var http = service.Anonymous;
        await http.FetchAsync(seed.Link());
        (await ClicksAsync(seed, 1)).Single()["delivery_id"].ShouldBeNull();
    }

    [Fact]
    public async Task A_scanners_burst_is_seen_though_it_does_not_want_to_be_tracked()
    {
        var seed = await Seed.SentAsync(service, 1, [.. Enumerable.Range(0, 6).Select(n => $"https://shop.example/{n}")]);
        using var http = service.Anonymous;
        await Task.WhenAll(Enumerable.Range(0, 6).Select(link => http.FetchAsync(seed.Link(0, link), headers: ("DNT", "1"))));
        (await ClicksAsync(seed, 6)).ShouldAllBe(c => c["reason"]!.GetValue<string>() == "link_burst" && c["delivery_id"] == null);
    }

    private static async Task<IReadOnlyList<JsonObject>> ClicksAsync(Seed seed, int count)
    {
        var feed = new Feed(seed.Tenant.Http);
        await feed.ReadUntilAsync(count);
        feed.Seen.Count.ShouldBe(count);
        return feed.Seen;
    }

    private async Task NothingDiffersAsync() => (await Folding.DifferencesAsync(service.Get<Database>())).ShouldBeEmpty();
}
