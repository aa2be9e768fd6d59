using System.Net;
using System.Text.Json.Nodes;

namespace CampaignHub.Server.Tests.Tracking;

public sealed class HitClassTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService service = fixture.Service;

    [Theory]
    [InlineData(Browser.Chrome, "human", "none")]
    [InlineData(Browser.AppleProxy, "privacy_proxy", "apple_privacy_proxy")]
    [InlineData(Browser.GmailProxy, "human", "image_proxy")]
    [InlineData("curl/8.5.0", "machine", "ua_library")]
    [InlineData("", "machine", "ua_empty")]
    public async Task An_open_becomes_an_event_with_its_class_and_reason(string agent, string hitClass, string reason)
    {
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        await http.FetchAsync(seed.Pixel(), agent);

        var opened = (await EventsAsync(seed, 1)).Single();
        opened["type"]!.GetValue<string>().ShouldBe("delivery.opened");
        opened["class"]!.GetValue<string>().ShouldBe(hitClass);
        opened["reason"]!.GetValue<string>().ShouldBe(reason);
        opened["campaign_id"]!.GetValue<Guid>().ShouldBe(seed.CampaignId);
        opened["delivery_id"]!.GetValue<Guid>().ShouldBe(seed.Deliveries[0]);
        opened["recipient_id"]!.GetValue<Guid>().ShouldBe(seed.Recipients[0]);
        opened["email"]!.GetValue<string>().ShouldBe($"{seed.Recipients[0]}@mail.example");
        opened.ContainsKey("url").ShouldBeFalse();
    }

    [Theory]
    [InlineData("Purpose", "prefetch")]
    [InlineData("Sec-Purpose", "prefetch;prerender")]
    [InlineData("X-Moz", "prefetch")]
    public async Task A_prefetch_is_a_machines(string header, string value)
    {
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        await http.FetchAsync(seed.Link(), headers: (header, value));
        (await EventsAsync(seed, 1)).Single()["reason"]!.GetValue<string>().ShouldBe("prefetch");
    }

    [Fact]
    public async Task A_click_says_where_it_led()
    {
        var seed = await Seed.SentAsync(service, 1, "https://shop.example/a", "https://shop.example/b");
        using var http = service.Anonymous;
        await http.FetchAsync(seed.Link(0, 1));
        var clicked = (await EventsAsync(seed, 1)).Single();
        clicked["type"]!.GetValue<string>().ShouldBe("delivery.clicked");
        clicked["url"]!.GetValue<string>().ShouldBe("https://shop.example/b");
        clicked["link_index"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task All_of_a_scanners_burst_is_a_machines_and_a_persons_click_beside_it_is_not()
    {
        var seed = await Seed.SentAsync(service, 2, [.. Enumerable.Range(0, 6).Select(n => $"https://shop.example/{n}")]);
        using var http = service.Anonymous;
        await Task.WhenAll(Enumerable.Range(0, 6).Select(link => http.FetchAsync(seed.Link(0, link))).Append(http.FetchAsync(seed.Link(1))));

        var events = await EventsAsync(seed, 7);
        var scanned = events.Where(e => e["delivery_id"]!.GetValue<Guid>() == seed.Deliveries[0]).ToList();
        scanned.Count.ShouldBe(6);
        scanned.ShouldAllBe(e => e["class"]!.GetValue<string>() == "machine" && e["reason"]!.GetValue<string>() == "link_burst");
        events.Single(e => e["delivery_id"]!.GetValue<Guid>() == seed.Deliveries[1])["class"]!.GetValue<string>().ShouldBe("human");
    }

    [Fact]
    public async Task A_burst_that_came_through_two_nodes_is_seen_whole()
    {
        await using var node = await ChildService.StartAsync();
        await using var other = await node.StartBesideAsync("all");
        var seed = await Seed.SentAsync(node, 1, [.. Enumerable.Range(0, 6).Select(n => $"https://shop.example/{n}")]);
        HttpClient[] nodes = [node.WithKey(null), other.WithKey(null)];
        await Task.WhenAll(Enumerable.Range(0, 6).Select(link => nodes[link % 2].FetchAsync(seed.Link(0, link))));
        (await EventsAsync(seed, 6)).ShouldAllBe(e => e["class"]!.GetValue<string>() == "machine" && e["reason"]!.GetValue<string>() == "link_burst");

        var company = await Seed.SentAsync(node, 5);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(person => nodes[person % 2].FetchAsync(company.Link(person), headers: ("X-Forwarded-For", "198.51.100.7"))));
        // On a busy machine one of them may have waited in its node's spool while the others were judged.
        await Eventually.Async(() => EventsAsync(company, 5), events => events.All(e => $"{e["class"]} {e["reason"]}" == "suspected network_burst"), "all of them are suspected");
    }

    [Fact]
    public async Task Every_link_in_order_is_a_machines_though_each_alone_could_be_a_persons()
    {
        var seed = await Seed.SentAsync(service, 2, "https://shop.example/0", "https://shop.example/1", "https://shop.example/2");
        using var http = service.Anonymous;
        foreach (var link in (int[])[0, 1, 2])
            await http.FetchAsync(seed.Link(0, link));
        foreach (var link in (int[])[0, 2, 1])
            await http.FetchAsync(seed.Link(1, link));
        var events = await EventsAsync(seed, 6);
        events.Where(e => e["delivery_id"]!.GetValue<Guid>() == seed.Deliveries[0]).ShouldAllBe(e => e["reason"]!.GetValue<string>() == "every_link");
        events.Where(e => e["delivery_id"]!.GetValue<Guid>() == seed.Deliveries[1]).ShouldAllBe(e => e["class"]!.GetValue<string>() == "human");
    }

    [Fact]
    public async Task A_click_before_anybody_can_have_read_the_mail_is_suspected_and_an_open_is_not()
    {
        var seed = await Seed.SentAsync(service, 3);
        var now = service.Get<NodaTime.IClock>().GetCurrentInstant();
        // Accepted just now; and not known to be accepted.
        await service.SqlAsync($"""
            UPDATE campaignhub.deliveries SET updated_at = '{now}' WHERE delivery_id = ANY ('{'{'}{seed.Deliveries[0]},{seed.Deliveries[1]}{'}'}');
            UPDATE campaignhub.deliveries SET state = 'uncertain', not_before = '{now}' WHERE delivery_id = '{seed.Deliveries[1]}';
            """);
        using var http = service.Anonymous;
        foreach (var delivery in (int[])[0, 1, 2])
            await http.FetchAsync(seed.Link(delivery));
        await http.FetchAsync(seed.Pixel(0));

        var events = await EventsAsync(seed, 4);
        events.Select(e => (e["type"]!.GetValue<string>(), Array.IndexOf(seed.Deliveries, e["delivery_id"]!.GetValue<Guid>()), $"{e["class"]} {e["reason"]}")).ShouldBe(
        [
            ("delivery.clicked", 0, "suspected too_soon"), ("delivery.clicked", 1, "human none"), ("delivery.clicked", 2, "human none"), ("delivery.opened", 0, "human none"),
        ], ignoreOrder: true);
    }

    [Fact]
    public async Task Head_is_answered_without_a_body_and_kept_but_counts_nothing()
    {
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        using var pixel = await http.FetchAsync(seed.Pixel(), method: HttpMethod.Head);
        pixel.StatusCode.ShouldBe(HttpStatusCode.OK);
        pixel.Content.Headers.ContentLength.ShouldBe(43);
        using var link = await http.FetchAsync(seed.Link(), method: HttpMethod.Head);
        link.StatusCode.ShouldBe(HttpStatusCode.Found);
        await http.FetchAsync(seed.Pixel(1));

        (await EventsAsync(seed, 1)).Single()["delivery_id"]!.GetValue<Guid>().ShouldBe(seed.Deliveries[1]);
        await Eventually.Async(async () => (await StoredHits.CountAsync(service, seed), await service.HasRowAsync(
            $"SELECT FROM campaignhub.hits WHERE tenant_id = '{seed.Tenant.Id}' AND method = 'HEAD' AND class = 'machine' AND reason = 'head' HAVING count(*) = 2")) == (3, true), "both are judged");
    }

    [Fact]
    public async Task A_hit_of_a_delivery_that_is_not_in_the_ledger_is_answered_and_not_kept()
    {
        var seed = await Seed.SentAsync(service, 1);
        seed.Deliveries[0] = Guid.CreateVersion7();
        using var http = service.Anonymous;
        using var answer = await http.FetchAsync(seed.Link());
        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        (await StoredHits.CountAsync(service, seed)).ShouldBe(0);
    }

    private static async Task<List<JsonObject>> EventsAsync(Seed seed, int count)
    {
        var feed = new Feed(seed.Tenant.Http);
        await feed.ReadUntilAsync(count);
        feed.Seen.Count.ShouldBe(count);
        return feed.Seen;
    }
}
