using System.Net;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tests.Reports.Reclassifying;

/// <summary>Marks of first hits that an earlier version kept: one for each view, and for each link and view.</summary>
public sealed class CarriedMarksTests
{
    private const string ByView = """
        SET search_path = campaignhub;
        CREATE TABLE views (view text, class text);
        INSERT INTO views VALUES ('human', 'human'), ('all', 'privacy_proxy');
        INSERT INTO views SELECT view, class FROM unnest(ARRAY['all', 'without_privacy_proxies']) AS view, unnest(ARRAY['human', 'machine', 'suspected']) AS class;
        CREATE TABLE old_links AS
            SELECT DISTINCT tenant_id, campaign_id, delivery_id, link_index, view FROM first_hits JOIN views USING (class), unnest(links) AS link_index;
        CREATE TABLE old_hits AS
            SELECT DISTINCT ON (tenant_id, campaign_id, delivery_id, measure, view) tenant_id, campaign_id, delivery_id, measure, view, first_at, device, client
            FROM first_hits JOIN views USING (class) ORDER BY tenant_id, campaign_id, delivery_id, measure, view, first_at, class;
        DROP TABLE first_hits, views;
        ALTER TABLE old_hits RENAME TO first_hits;
        ALTER TABLE first_hits ADD PRIMARY KEY (tenant_id, campaign_id, delivery_id, measure, view);
        ALTER TABLE old_links RENAME TO first_link_hits;
        """;

    [Fact]
    public async Task What_an_earlier_version_has_marked_counts_on_without_being_counted_anew()
    {
        await using var service = await TestService.StartAsync();
        var seed = await Seed.SentAsync(service, 150, "https://shop.example/0", "https://shop.example/1", "https://shop.example/2");
        var old = new OldHits(seed, service.Get<Database>());
        await old.LayAsync(1_500);
        await seed.FoldedReportAsync(service);
        await service.SqlAsync(ByView);
        await service.MigrateAgainAsync("0072_first_hits_by_class.sql");
        (await Folding.DifferencesAsync(service.Get<Database>())).ShouldBeEmpty();

        // Earlier ones take uniques over, later ones don't; of every class, and of links that some have followed and some haven't.
        foreach (var (at, link) in ((string, int)[])[("2026-11-20T09:30:00Z", 0), ("2026-12-24T09:30:00Z", 1), ("2026-12-24T09:31:00Z", 2)])
            await seed.AppendAsync(service, [.. Enumerable.Range(0, 150).SelectMany(n => new (string, string, int, int?, string?)[]
            {
                (EventTypes.Opened, at, n, null, OldHits.Classes[(n + link) % 4]),
                (EventTypes.Clicked, at, n, link, OldHits.Classes[n % 4]),
            })]);
        await seed.FoldedReportAsync(service);
        (await Folding.DifferencesAsync(service.Get<Database>())).ShouldBeEmpty();

        await seed.Tenant.Http.PostAsync($"/v1/campaigns/{seed.CampaignId}/reclassify", new { }, HttpStatusCode.Accepted);
        await Eventually.Async(
            () => seed.Tenant.Http.GetJsonAsync($"/v1/campaigns/{seed.CampaignId}/reclassification"),
            view => view["status"]!.GetValue<string>() == "finished", "all is judged again");
        (await Folding.DifferencesAsync(service.Get<Database>())).ShouldBeEmpty();
    }
}
