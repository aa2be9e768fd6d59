using System.Net;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tests.Events;

public sealed class EventFeedTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private static readonly Instant At = Instant.FromUtc(2026, 11, 27, 9, 0);
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task An_empty_feed_gives_a_cursor_that_later_finds_what_came()
    {
        var seed = await Seed.SentAsync(service);
        var feed = new Feed(seed.Tenant.Http);
        (await feed.ReadAsync()).ShouldBe(0);
        await AppendAsync(seed, EventTypes.Accepted);
        await feed.ReadUntilAsync(1);
        (await feed.ReadAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_filtered_feed_reads_on_past_what_it_leaves_out()
    {
        var seed = await Seed.SentAsync(service);
        await AppendAsync(seed, EventTypes.Accepted, EventTypes.Bounced, EventTypes.Accepted, EventTypes.Bounced);
        await new Feed(seed.Tenant.Http).ReadUntilAsync(4);
        var bounces = new Feed(seed.Tenant.Http, "&type=delivery.bounced");
        await bounces.ReadUntilAsync(2);
        bounces.Values("type").ShouldAllBe(type => type == "delivery.bounced");
        (await bounces.ReadAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repeat()
    {
        var seed = await Seed.SentAsync(service);
        await AppendAsync(seed, [.. Enumerable.Repeat(EventTypes.Deferred, 450)]);
        var feed = new Feed(seed.Tenant.Http);
        await feed.ReadUntilAsync(450);
        feed.Values("id").Distinct().Count().ShouldBe(450);
        feed.Seen.Count.ShouldBe(450);
    }

    [Fact]
    public async Task Nothing_of_another_tenant_is_in_the_feed_and_its_cursor_is_refused()
    {
        var (seed, other) = (await Seed.SentAsync(service), await Seed.SentAsync(service));
        await AppendAsync(seed, EventTypes.Accepted);
        await new Feed(seed.Tenant.Http).ReadUntilAsync(1);
        (await new Feed(other.Tenant.Http).ReadAsync()).ShouldBe(0);
        var cursor = (await seed.Tenant.Http.GetJsonAsync("/v1/events"))["next_cursor"]!.GetValue<string>();
        var problem = await other.Tenant.Http.GetAsync($"/v1/events?after={cursor}").ExpectAsync(HttpStatusCode.UnprocessableEntity);
        problem.FieldCode("after").ShouldBe("invalid");
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1000000000", "limit")]
    [InlineData("after=AAAAAAAAAAAAAAAA", "after")]
    [InlineData("type=delivery.lost", "type")]
    public async Task A_bad_parameter_is_named(string query, string field)
    {
        var problem = await service.Http.GetAsync($"/v1/events?{query}").ExpectAsync(HttpStatusCode.UnprocessableEntity);
        problem.FieldCode(field).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_recipients_events_are_its_own()
    {
        var seed = await Seed.SentAsync(service);
        await AppendAsync(seed, EventTypes.Accepted, EventTypes.Accepted, EventTypes.Bounced);
        await new Feed(seed.Tenant.Http).ReadUntilAsync(3);
        var path = $"/v1/recipients/{seed.Recipients[0]}/events";
        var first = await seed.Tenant.Http.GetJsonAsync($"{path}?limit=2");
        first["data"]!.AsArray().Count.ShouldBe(2);
        var second = await seed.Tenant.Http.GetJsonAsync($"{path}?limit=2&cursor={first["next_cursor"]}");
        second["data"]!.AsArray().Single()!["type"]!.GetValue<string>().ShouldBe("delivery.bounced");
        second["next_cursor"].ShouldBeNull();
        (await seed.Tenant.Http.GetJsonAsync($"/v1/recipients/{seed.Recipients[1]}/events"))["data"]!.AsArray().ShouldBeEmpty();
        await service.Http.GetAsync(path).ExpectAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_recipients_events_are_those_of_the_person_too()
    {
        var tenant = await service.NewTenantAsync();
        var made = await tenant.Http.PostAsync("/v1/recipients", new { email = "ann@mail.example" }, HttpStatusCode.Created);
        await tenant.Http.PostAsync("/v1/recipients", new { email = "bob@mail.example" }, HttpStatusCode.Created);
        await tenant.Http.PatchAsync($"/v1/recipients/{made["id"]}", new { consent = new { status = "withdrawn" } }, HttpStatusCode.OK);
        await new Feed(tenant.Http, only: "recipient.").ReadUntilAsync(3);
        var events = (await tenant.Http.GetJsonAsync($"/v1/recipients/{made["id"]}/events"))["data"]!.AsArray();
        events.Select(e => e!["type"]!.GetValue<string>()).ShouldBe(["recipient.created", "recipient.consent_changed"]);
        (await tenant.Http.GetJsonAsync($"/v1/recipients/{made["id"]}/export"))["events"]!.ToJsonString().ShouldBe(events.ToJsonString());
    }

    private async Task AppendAsync(Seed seed, params string[] types)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        await EventLog.AppendAsync(transaction, [.. types.Select(type => new Event(type, At)
        {
            CampaignId = seed.CampaignId, DeliveryId = seed.Deliveries[0], RecipientId = seed.Recipients[0],
        })], At);
        await transaction.CommitAsync();
    }
}
