using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Demo.Outside;
using CampaignHub.Server.Tests.Campaigns;

namespace CampaignHub.Server.Tests.Domains;

/// <summary>In Production a campaign's sender is on a verified domain of its tenant, unless the operator says otherwise.</summary>
public sealed class VerifiedFromTests : IAsyncDisposable
{
    private readonly DnsResponder _dns = new();

    [Fact]
    public async Task In_Production_a_campaign_waits_until_its_sender_is_on_a_verified_domain()
    {
        await using var service = await StartAsync();
        var (http, campaign) = await CampaignAsync(service);
        var blocked = await http.GetJsonAsync($"{campaign}/readiness");
        var blocker = blocked["blockers"]!.AsArray().Single()!;
        blocker["code"]!.GetValue<string>().ShouldBe("from_not_verified");
        blocker["fix"]!.GetValue<string>().ShouldStartWith("""POST /v1/domains {"name": "shop.example", "kind": "sending"}""");
        var refused = await http.PostAsync($"{campaign}/launch", null).ExpectAsync(HttpStatusCode.Conflict);
        refused["detail"]!.GetValue<string>().ShouldContain("news@shop.example");

        var domain = await http.NewDomainAsync("shop.example");
        (await http.GetJsonAsync($"{campaign}/readiness"))["blockers"]![0]!["fix"]!.GetValue<string>().ShouldStartWith($"POST {domain.Path()}/verify");
        _dns.PublishKeys(domain);
        await http.VerifiedAsync(domain);
        (await http.GetJsonAsync($"{campaign}/readiness"))["blockers"]!.AsArray().ShouldBeEmpty();
        await http.PostAsync($"{campaign}/launch", null).ExpectAsync(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_campaign_whose_sender_is_no_longer_verified_is_paused_and_says_what_to_do()
    {
        await using var service = await StartAsync();
        var (http, campaign) = await CampaignAsync(service);
        var domain = await http.NewDomainAsync("shop.example");
        _dns.PublishKeys(domain);
        await http.VerifiedAsync(domain);
        await http.PatchAsync(campaign, new { schedule = new { strategy = "now" } }, HttpStatusCode.OK);
        await http.PostAsync($"{campaign}/launch", null).ExpectAsync(HttpStatusCode.Accepted);
        await Eventually.Async(() => http.GetJsonAsync(campaign), c => c["status"]!.GetValue<string>() == "sending", "it is sent");

        // As after three daily reads that found it wrong. The relay takes nothing meanwhile.
        await using (var connection = new Npgsql.NpgsqlConnection(service.ConnectionString))
        {
            await connection.OpenAsync();
            await using var lose = new Npgsql.NpgsqlCommand("UPDATE campaignhub.domains SET verified_at = NULL, problem = 'gone'", connection);
            await lose.ExecuteNonQueryAsync();
        }

        var paused = await Eventually.Async(() => http.GetJsonAsync(campaign), c => c["status"]!.GetValue<string>() == "paused", "it is paused");
        paused["paused_reason"]!.GetValue<string>().ShouldStartWith("news@shop.example is no longer on a verified sending domain");
    }

    [Fact]
    public async Task The_operator_can_make_it_a_warning()
    {
        await using var service = await StartAsync(("CampaignHub__RequireVerifiedFrom", "false"));
        var (http, campaign) = await CampaignAsync(service);
        var readiness = await http.GetJsonAsync($"{campaign}/readiness");
        readiness["blockers"]!.AsArray().ShouldBeEmpty();
        readiness["warnings"]!.AsArray().Select(w => w!["code"]!.GetValue<string>()).ShouldContain("from_not_verified");
    }

    private Task<ChildService> StartAsync(params (string, string)[] settings) => ChildService.StartAsync(
    [
        ("ASPNETCORE_ENVIRONMENT", "Production"),
        ("CampaignHub__PublicUrl", "https://mail.shop.example"),
        ("CampaignHub__Dns__Servers__0", _dns.Address),
        .. settings,
    ]);

    /// <summary>A campaign that lacks nothing else.</summary>
    private static async Task<(HttpClient Http, string Path)> CampaignAsync(ChildService service)
    {
        var http = (await service.NewTenantAsync()).Http;
        var list = (await http.PostAsync("/v1/lists", new { name = "all" }, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
        await http.PostAsync("/v1/recipients", new { email = "ann@example.com", lists = (Guid[])[list] }, HttpStatusCode.Created);
        await http.PostAsync("/v1/relays", new { name = "r", host = "relay.invalid" }, HttpStatusCode.Created);
        var campaign = await http.PostAsync("/v1/campaigns", CampaignSeed.Whole(list), HttpStatusCode.Created);
        return (http, $"/v1/campaigns/{campaign["id"]}");
    }

    public ValueTask DisposeAsync() => _dns.DisposeAsync();
}
