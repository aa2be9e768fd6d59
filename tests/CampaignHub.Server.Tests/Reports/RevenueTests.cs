using System.Text.Json.Nodes;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Tests.Storefronts;
using CampaignHub.Server.Tests.Tracking;
using CampaignHub.Server.Tracking;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Server.Tests.Reports;

/// <summary>What a campaign led people to buy.</summary>
public sealed class RevenueTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task Orders_after_a_human_click_within_five_days_are_the_campaigns_by_currency_and_others_are_not()
    {
        var seed = await Seed.SentAsync(service, 4);
        await seed.AppendAsync(service,
            (EventTypes.Accepted, "2026-10-01T09:00:00Z", 0, null, null),
            (EventTypes.Clicked, "2026-10-01T10:00:00Z", 0, 0, "human"),
            (EventTypes.Clicked, "2026-10-01T10:00:00Z", 1, 0, "machine"),
            (EventTypes.Clicked, "2026-10-01T10:00:00Z", 2, 0, "human"));
        var shop = await Shop.ConnectAsync(service, tenant: seed.Tenant);
        await OrderAsync(1, "2026-10-01T09:59:59Z", 0); // before the click
        await OrderAsync(2, "2026-10-01T11:00:00Z", 0, "10.10");
        await OrderAsync(3, "2026-10-06T09:59:59Z", 0, "5.05");
        await OrderAsync(4, "2026-10-06T10:00:01Z", 0); // too late
        await OrderAsync(5, "2026-10-01T11:00:00Z", 1); // a scanner clicked, and nobody else
        await OrderAsync(6, "2026-10-02T11:00:00Z", 2, "7.00", "USD");
        await OrderAsync(7, "2026-10-02T11:00:00Z", 3); // never clicked
        await shop.PostAsync("orders/create", ShopBuyersTests.Order(8, "2026-10-02T11:00:00Z", """ "test":true,""", Address(0), 10));
        await shop.SettledAsync(8);

        var report = await ReportAsync(3);
        report["revenue"]!.ToJsonString().ShouldBe("""{"EUR":15.15,"USD":7}""");
        report["attribution"]!.ToJsonString().ShouldBe("""{"days":5,"by":"last_human_click"}""");
        var table = await seed.Tenant.Http.GetStringAsync($"/v1/campaigns/{seed.CampaignId}/report?format=csv");
        var (names, values) = (table.Split("\r\n")[0].Split(','), table.Split("\r\n")[1].Split(','));
        names.Zip(values).Where(cell => cell.First is "orders" or "revenue_EUR" or "revenue_USD" or "attribution_days").Select(cell => $"{cell.First}={cell.Second}")
            .ShouldBe(["orders=3", "revenue_EUR=15.15", "revenue_USD=7", "attribution_days=5"]);

        // A replay counts once, and what is cancelled afterwards no more.
        await OrderAsync(6, "2026-10-02T11:00:00Z", 2, "7.00", "USD");
        await shop.PostAsync("orders/cancelled", ShopBuyersTests.Order(2, "2026-10-03T00:00:00Z", """ "cancelled_at":"2026-10-03T00:00:00Z",""", Address(0), 10));
        (await ReportAsync(2))["revenue"]!.ToJsonString().ShouldBe("""{"EUR":5.05,"USD":7}""");

        // Whoever bought may be erased: what was bought stays in the sum.
        await seed.Tenant.Http.DeleteAsync($"/v1/recipients/{seed.Recipients[2]}");
        (await ReportAsync(2))["orders"]!.GetValue<int>().ShouldBe(2);

        string Address(int recipient) => $"{seed.Recipients[recipient]}@mail.example";

        Task OrderAsync(int id, string at, int recipient, string total = "1.00", string currency = "EUR") =>
            shop.PostAsync("orders/create", ShopBuyersTests.Order(id, at, "", Address(recipient), 10 + recipient, total, currency));

        Task<JsonObject> ReportAsync(int orders) => Eventually.Async(
            () => seed.Tenant.Http.GetJsonAsync($"/v1/campaigns/{seed.CampaignId}/report"), r => r["orders"]!.GetValue<int>() == orders, $"{orders} orders are the campaign's");
    }

    [Fact]
    public async Task An_order_waits_for_the_click_before_it_to_be_judged_however_far_the_judge_is_behind()
    {
        var seed = await Seed.SentAsync(service, 1);
        var shop = await Shop.ConnectAsync(service, tenant: seed.Tenant);
        await using (var judge = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None))
        {
            (await HitStore.TryLockAsync(judge)).ShouldBeTrue();
            using var http = service.Anonymous;
            await http.FetchAsync(seed.Link());
            var at = InstantPattern.General.Format(service.Get<IClock>().GetCurrentInstant() + Duration.FromSeconds(1));
            await shop.PostAsync("orders/create", ShopBuyersTests.Order(1, at, "", $"{seed.Recipients[0]}@mail.example", 10));
            await shop.SettledAsync(1);
            await Task.Delay(TimeSpan.FromSeconds(8)); // Longer than an order waits where nothing is behind.
        }

        await Eventually.Async(
            () => seed.Tenant.Http.GetJsonAsync($"/v1/campaigns/{seed.CampaignId}/report"), r => r["orders"]!.GetValue<int>() == 1, "the order is the campaign's", seconds: 20);
    }
}
