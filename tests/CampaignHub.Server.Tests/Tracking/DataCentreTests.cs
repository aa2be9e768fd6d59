using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Tests.Tracking;

public sealed class DataCentreTests
{
    [Fact]
    public async Task A_hit_from_a_data_centre_is_suspected_and_its_address_is_not_kept()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "# a cloud\n198.51.100.0/24\n");
        await using var service = await TestService.StartAsync($"--CampaignHub:Tracking:DataCentreNetworks={file}");
        File.Delete(file);
        var seed = await Seed.SentAsync(service, 2);
        using var http = service.Anonymous;
        await http.FetchAsync(seed.Link(0), headers: ("X-Forwarded-For", "198.51.100.7"));
        await http.FetchAsync(seed.Link(1), headers: ("X-Forwarded-For", "203.0.113.7"));

        var feed = new Feed(seed.Tenant.Http);
        await feed.ReadUntilAsync(2);
        feed.Seen.ToDictionary(e => e["delivery_id"]!.GetValue<Guid>(), e => $"{e["class"]} {e["reason"]}").ShouldBe(
            new Dictionary<Guid, string> { [seed.Deliveries[0]] = "suspected data_centre", [seed.Deliveries[1]] = "human none" }, ignoreOrder: true);
        (await service.HasRowAsync("SELECT FROM campaignhub.hits h WHERE to_jsonb(h)::text ~ '198\\.51|203\\.0'")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_that_is_not_one_of_networks_is_told_at_the_start() =>
        (await Should.ThrowAsync<StartupException>(() => TestService.StartAsync($"--CampaignHub:Tracking:DataCentreNetworks={Path.Combine(Path.GetTempPath(), "nowhere.txt")}")))
            .Message.ShouldContain("CampaignHub__Tracking__DataCentreNetworks");
}
