using System.Net;
using CampaignHub.Server.Tests.Campaigns;

namespace CampaignHub.Server.Tests.Scheduling;

public sealed class ChangeCampaignTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task Changing_a_planned_campaign_drops_its_plan()
    {
        var (http, path) = await ReadyAsync();
        await http.PostAsync($"{path}/plan", new { }, HttpStatusCode.Accepted);
        await UntilAsync(http, path, "planned");
        (await http.DeleteAsync(path).ExpectAsync(HttpStatusCode.Conflict))["detail"]!.GetValue<string>().ShouldContain("planned");

        var changed = await http.PatchAsync(path, new { subject = "Other" }, HttpStatusCode.OK);

        changed["status"]!.GetValue<string>().ShouldBe("draft");
        changed["deliveries"]!.AsObject().ShouldBeEmpty();
        await http.GetAsync($"{path}/plan").ExpectAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_refused_change_leaves_the_plan()
    {
        var (http, path) = await ReadyAsync();
        await http.PostAsync($"{path}/plan", new { }, HttpStatusCode.Accepted);
        await UntilAsync(http, path, "planned");
        await http.PatchAsync(path, new { subject = "{% broken" }, HttpStatusCode.UnprocessableEntity);
        (await http.GetJsonAsync(path))["status"]!.GetValue<string>().ShouldBe("planned");
    }

    [Fact]
    public async Task A_launched_campaign_can_be_neither_changed_nor_deleted_nor_launched_again()
    {
        var (http, path) = await ReadyAsync();
        await http.PostAsync($"{path}/launch", new { }, HttpStatusCode.Accepted);
        await UntilAsync(http, path, "scheduled");

        foreach (var refused in (Task<System.Text.Json.Nodes.JsonObject>[])
        [
            http.PatchAsync(path, new { name = "x" }, HttpStatusCode.Conflict),
            http.DeleteAsync(path).ExpectAsync(HttpStatusCode.Conflict),
            http.PostAsync($"{path}/launch", new { }, HttpStatusCode.Conflict),
        ])
        {
            var problem = await refused;
            problem.ProblemType().ShouldBe("state_conflict");
            problem["detail"]!.GetValue<string>().ShouldContain("The campaign is scheduled");
        }
    }

    [Fact]
    public async Task A_launch_keeps_the_content_and_the_links_as_they_are()
    {
        var (http, path) = await ReadyAsync();
        await http.PostAsync($"{path}/launch", new { }, HttpStatusCode.Accepted);
        await UntilAsync(http, path, "scheduled");
        var campaignId = Guid.Parse(path[(path.LastIndexOf('/') + 1)..]);

        await using var transaction = await _service.Get<Server.Platform.Database.Database>().BeginAsync(_tenant!.Id, CancellationToken.None);
        var campaign = await Server.Campaigns.CampaignStore.FindAsync(transaction, campaignId);
        campaign!.LaunchedContent.ShouldNotBeNull().FromEmail.ShouldBe("news@shop.example");
        (await transaction.QueryAsync<string>("SELECT url FROM campaign_links WHERE tenant_id = @TenantId AND campaign_id = @campaignId",
            new { transaction.TenantId, campaignId })).ShouldBe(["https://shop.example/?a=1&b=2"]);
    }

    private TestTenant? _tenant;

    private async Task<(HttpClient Http, string Path)> ReadyAsync()
    {
        _tenant = await _service.NewTenantAsync();
        await _tenant.Http.PostAsync("/v1/relays", new { name = "r", host = "127.0.0.1" }, HttpStatusCode.Created);
        var list = await _service.ListAsync(_tenant, "granted", "ann@example.com");
        var made = await _tenant.Http.PostAsync("/v1/campaigns", CampaignSeed.Whole(list), HttpStatusCode.Created);
        return (_tenant.Http, $"/v1/campaigns/{made["id"]}");
    }

    private static Task<string> UntilAsync(HttpClient http, string path, string status) => Eventually.Async(
        async () => (await http.GetJsonAsync(path))["status"]!.GetValue<string>(), seen => seen == status, $"the campaign is {status}");
}
