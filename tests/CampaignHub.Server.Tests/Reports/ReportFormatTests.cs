using System.Net;
using System.Net.Http.Headers;
using System.Xml.Linq;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tests.Reports;

/// <summary>What every report has in common: tables, entity tags, and the ledger that it agrees with.</summary>
public sealed class ReportFormatTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private static readonly string[] Reports =
        ["", "/timeline", "/links", "/delays", "/comparison", "/breakdown?by=country", "/breakdown?by=mail_domain", "/breakdown?by=device"];

    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task A_table_has_the_fields_of_the_JSON_as_columns_whichever_way_it_is_asked_for()
    {
        var seed = await Seed.SentAsync(service, 2, "https://shop.example/a?b=1,2", "https://shop.example/c");
        await seed.AppendAsync(service,
            (EventTypes.Accepted, "2026-11-27T09:00:00Z", 0, null, null), (EventTypes.Clicked, "2026-11-27T09:05:00Z", 0, 1, null));
        await seed.FoldedReportAsync(service);
        var (byFormat, byAccept) = (await GetAsync(seed, "/links?format=csv"), await GetAsync(seed, "/links", accept: "text/csv"));
        byFormat.Content.Headers.ContentType!.ToString().ShouldBe("text/csv; charset=utf-8");
        var table = await byFormat.Content.ReadAsStringAsync();
        table.ShouldBe(await byAccept.Content.ReadAsStringAsync());
        table.ShouldBe("index,url,clicks_all_hits,clicks_all_unique,clicks_all_rate,clicks_without_privacy_proxies_hits,clicks_without_privacy_proxies_unique,"
            + "clicks_without_privacy_proxies_rate,clicks_human_hits,clicks_human_unique,clicks_human_rate\r\n"
            + "0,\"https://shop.example/a?b=1,2\",0,0,0,0,0,0,0,0,0\r\n1,https://shop.example/c,1,1,1,1,1,1,1,1,1\r\n");
        foreach (var path in Reports)
            (await (await GetAsync(seed, path, accept: "text/csv")).Content.ReadAsStringAsync()).Split("\r\n").Length.ShouldBeGreaterThan(1, path);
    }

    [Theory]
    [InlineData("/timeline?format=svg", "A campaign by hours of Etc/UTC")]
    [InlineData("/breakdown?by=country&format=svg", "A campaign by country")]
    public async Task A_picture_is_well_formed_and_says_what_it_is(string path, string title)
    {
        var seed = await Seed.SentAsync(service, 2);
        await seed.AppendAsync(service, (EventTypes.Accepted, "2026-11-27T09:00:00Z", 0, null, null), (EventTypes.Opened, "2026-11-27T10:00:00Z", 0, null, null));
        await seed.FoldedReportAsync(service);
        using var answer = await GetAsync(seed, path);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("image/svg+xml; charset=utf-8");
        answer.Headers.ETag!.IsWeak.ShouldBeFalse();
        var svg = XElement.Parse(await answer.Content.ReadAsStringAsync());
        svg.Elements().First().Value.ShouldBe(title);
        svg.DescendantsAndSelf().ShouldNotContain(e => e.Name.LocalName == "script");
    }

    [Fact]
    public async Task Whoever_has_the_answer_already_is_answered_304_until_something_changes()
    {
        var seed = await Seed.SentAsync(service, 2);
        await seed.AppendAsync(service, (EventTypes.Accepted, "2026-11-27T09:00:00Z", 0, null, null), (EventTypes.Opened, "2026-11-27T10:00:00Z", 0, null, null));
        await seed.FoldedReportAsync(service);
        var tags = new Dictionary<(string, string), EntityTagHeaderValue>();
        foreach (var path in Reports)
            foreach (var media in (string[])["application/json", "text/csv"])
            {
                using var answer = await GetAsync(seed, path, media);
                var tag = tags[(path, media)] = answer.Headers.ETag!;
                tag.IsWeak.ShouldBe(media == "application/json");
                answer.Headers.CacheControl!.ToString().ShouldBe("max-age=1, private");
                using var again = await GetAsync(seed, path, media, tag);
                again.StatusCode.ShouldBe(HttpStatusCode.NotModified, path);
                again.Headers.ETag.ShouldBe(tag);
                (await again.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
            }

        await seed.AppendAsync(service,
            (EventTypes.Accepted, "2026-11-27T09:00:00Z", 1, null, null), (EventTypes.Opened, "2026-11-27T10:30:00Z", 1, null, null),
            (EventTypes.Clicked, "2026-11-27T10:30:00Z", 1, 0, null));
        await seed.FoldedReportAsync(service);
        foreach (var ((path, media), tag) in tags.Where(t => t.Key.Item1 != "/delays")) // When the messages were sent isn't known here.
            (await GetAsync(seed, path, media, tag)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
    }

    [Fact]
    public async Task Deliveries_by_state_are_those_of_the_ledger()
    {
        var seed = await Seed.SentAsync(service, 12);
        string[] states = ["accepted", "accepted", "scheduled", "scheduled", "scheduled", "sending", "deferred", "deferred", "rejected", "suppressed", "missed", "held"];
        foreach (var (state, place) in states.Select((state, place) => (state, place)))
            await seed.SqlAsync(service, $"UPDATE deliveries SET state = '{state}', not_before = {(place == 6 ? "'2026-11-27T12:00:00Z'" : "NULL")} WHERE tenant_id = @TenantId AND delivery_id = '{seed.Deliveries[place]}'");
        // Claimed: one that is scheduled, the one that is being sent, and a deferred one that is tried again.
        await seed.SqlAsync(service, $"""
            INSERT INTO leases (tenant_id, token, campaign_id, node_id, until, delivery_ids)
            VALUES (@TenantId, gen_random_uuid(), @CampaignId, gen_random_uuid(), clock_timestamp() + interval '1 hour',
                ARRAY['{seed.Deliveries[2]}', '{seed.Deliveries[5]}', '{seed.Deliveries[7]}', '{seed.Deliveries[0]}']::uuid[])
            """);
        await seed.AppendAsync(service, (EventTypes.Accepted, "2026-11-27T09:00:00Z", 0, null, null), (EventTypes.Accepted, "2026-11-27T09:00:00Z", 1, null, null));
        var shown = (await seed.FoldedReportAsync(service))["deliveries"]!.AsObject().ToDictionary(s => s.Key, s => s.Value!.GetValue<long>());
        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        var ledger = await DeliveryStore.CountByStateAsync(transaction, seed.CampaignId);
        ledger["leased"].ShouldBe(2);
        foreach (var state in Enum.GetValues<DeliveryState>())
            shown[Core.WireWords.Word(state)].ShouldBe(ledger.GetValueOrDefault(Core.WireWords.Word(state)), $"{state}");
        (shown["total"], shown["delivered"]).ShouldBe((12, 2));
    }

    private static Task<HttpResponseMessage> GetAsync(Seed seed, string path, string accept = "*/*", EntityTagHeaderValue? known = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/campaigns/{seed.CampaignId}/report{path}");
        request.Headers.Accept.ParseAdd(accept);
        if (known is not null)
            request.Headers.IfNoneMatch.Add(known);
        return seed.Tenant.Http.SendAsync(request);
    }
}
