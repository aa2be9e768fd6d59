using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Reports;
using CampaignHub.Server.Tests.Reports;
using CampaignHub.Server.Tracking;
using CampaignHub.Server.Tracking.Spool;
using NodaTime;

namespace CampaignHub.Server.Tests.Tracking;

/// <summary>Which network hits come from: what is seen by it, and for how long it is kept.</summary>
public sealed class HitNetworkTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private const string Office = "198.51.100.7";

    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task Clicks_from_one_network_for_five_people_of_a_domain_are_suspected_also_those_that_were_judged_before_and_stay_so_when_it_is_forgotten()
    {
        var seed = await Seed.SentAsync(service, 8);
        var at = service.Get<IClock>().GetCurrentInstant() - Duration.FromMinutes(1);
        await StoreAsync(seed, [.. new[] { 0, 1, 2, 3 }.Select(n => Click(seed, n, at + Duration.FromSeconds(n), Office)), Click(seed, 5, at, "203.0.113.5")]);
        (await ClassesAsync(seed, 5)).ShouldAllBe(c => c == "human none");
        (await HumanUniquesAsync(seed)).ShouldBe(5);

        // The fifth completes it. The next comes too late to belong to it.
        await StoreAsync(seed, [Click(seed, 4, at + Duration.FromSeconds(9), Office), Click(seed, 6, at + Duration.FromSeconds(14), Office)]);
        await Eventually.Async(async () => string.Join(", ", await ClassesAsync(seed, 7)), seen => seen == string.Join(
            ", ", Enumerable.Repeat("human none", 2).Concat(Enumerable.Repeat("suspected network_burst", 5))), "those before are judged again");
        (await HumanUniquesAsync(seed)).ShouldBe(2);
        await NothingDiffersAsync();

        await using (var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None))
        {
            (await HitNetworkStore.ForgetOldAsync(transaction, 3)).ShouldBeFalse("they have just come");
            await AgeAsync(transaction, "6 minutes");
            (await HitNetworkStore.ForgetOldAsync(transaction, 1)).ShouldBeTrue("there are more");
            (await HitNetworkStore.ForgetOldAsync(transaction, 10)).ShouldBeFalse();
            await transaction.CommitAsync();
        }
        (await NetworksAsync(seed)).ShouldBe(0);
        await seed.Tenant.Http.PostAsync($"/v1/campaigns/{seed.CampaignId}/reclassify", new { }, HttpStatusCode.Accepted);
        var again = await Eventually.Async(
            () => seed.Tenant.Http.GetJsonAsync($"/v1/campaigns/{seed.CampaignId}/reclassification"), job => job["finished_at"] is not null, "all are judged again");
        (again["hits"]!.GetValue<int>(), again["changes"]!.AsArray().Count).ShouldBe((7, 0));
        (await ClassesAsync(seed, 7)).Count(c => c == "suspected network_burst").ShouldBe(5);
        await NothingDiffersAsync();
    }

    [Fact]
    public async Task Judging_again_sees_a_burst_as_long_as_its_network_is_kept()
    {
        var seed = await Seed.SentAsync(service, 5);
        var at = service.Get<IClock>().GetCurrentInstant() - Duration.FromMinutes(1);
        await StoreAsync(seed, [.. Enumerable.Range(0, 5).Select(n => Click(seed, n, at + Duration.FromSeconds(n), Office))]);
        (await ClassesAsync(seed, 5)).ShouldAllBe(c => c == "suspected network_burst");
        await seed.FoldedReportAsync(service);
        // As rules before these have left them.
        await service.SqlAsync($"UPDATE campaignhub.hits SET rule_set = 4, in_network_burst = false WHERE tenant_id = '{seed.Tenant.Id}'");
        await seed.Tenant.Http.PostAsync($"/v1/campaigns/{seed.CampaignId}/reclassify", new { }, HttpStatusCode.Accepted);
        await Eventually.Async(() => service.HasRowAsync(
            $"SELECT FROM campaignhub.hits WHERE tenant_id = '{seed.Tenant.Id}' AND in_network_burst AND reason = 'network_burst' AND rule_set = {HitRules.Version} HAVING count(*) = 5"), "they are judged again");
    }

    [Fact]
    public async Task A_burst_that_is_seen_while_its_hits_are_judged_again_is_not_forgotten_with_the_older_verdict()
    {
        var seed = await Seed.SentAsync(service, 1);
        var at = service.Get<IClock>().GetCurrentInstant() - Duration.FromMinutes(1);
        await StoreAsync(seed, [Click(seed, 0, at, Office)]);
        (await ClassesAsync(seed, 1)).ShouldBe(["human none"]);
        await seed.FoldedReportAsync(service);

        await using (var again = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None))
        {
            await RollupStore.LockAsync(again);
            var hit = (await HitStore.JudgedAsync(again, [seed.Deliveries[0]], null, null, 10)).ShouldHaveSingleItem();
            await using (var judge = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None))
            {
                await HitStore.NoteNetworkBurstAsync(judge, [new NetworkNeighbour { HitId = hit.HitId, ReceivedAt = hit.ReceivedAt }]);
                await judge.CommitAsync();
            }
            await HitStore.KeepAsync(again, [new JudgedHit(hit, new HitVerdict(HitClass.Human, "none", HitRules.Version))]);
            await again.CommitAsync();
        }

        await Eventually.Async(async () => (await ClassesAsync(seed, 1)).Single(), seen => seen == "suspected network_burst", "the hit is judged once more");
    }

    [Fact]
    public async Task It_is_kept_for_days_only_where_the_tenant_says_so_and_never_of_who_is_not_tracked_or_gone()
    {
        var (seed, other) = (await Seed.SentAsync(service, 4), await Seed.SentAsync(service, 1));
        await service.Operator.PatchAsync($"/v1/tenants/{seed.Tenant.Id}", new { ip_retention_days = 31 }, HttpStatusCode.UnprocessableEntity);
        (await service.Operator.PatchAsync($"/v1/tenants/{seed.Tenant.Id}", new { ip_retention_days = 7 }, HttpStatusCode.OK))["ip_retention_days"]!.GetValue<int>().ShouldBe(7);
        await seed.Tenant.Http.PatchAsync($"/v1/recipients/{seed.Recipients[1]}", new { tracking = false }, HttpStatusCode.OK);
        using var http = service.Anonymous;
        (string, string) office = ("X-Forwarded-For", Office);
        await http.FetchAsync(seed.Pixel(0), headers: office);
        await http.FetchAsync(seed.Link(0), headers: office);
        await http.FetchAsync(seed.Pixel(1), headers: office);
        await http.FetchAsync(seed.Link(2), headers: [office, ("DNT", "1")]);
        await http.FetchAsync(seed.Link(2)); // from this very machine: no network
        await http.FetchAsync(seed.Pixel(3), headers: office);
        await http.FetchAsync(other.Pixel(0), headers: office);
        await http.FetchAsync(other.Link(0), headers: office);
        await ClassesAsync(seed, 6);
        await ClassesAsync(other, 2);
        (await NetworksAsync(seed), await NetworksAsync(other)).ShouldBe((3, 1));
        (await service.HasRowAsync("SELECT FROM campaignhub.hits WHERE network IS NOT NULL AND class IS NOT NULL")).ShouldBeFalse();
        (await service.HasRowAsync($"""
            SELECT FROM campaignhub.hit_networks n JOIN campaignhub.hit_networks o USING (network)
            WHERE n.tenant_id = '{seed.Tenant.Id}' AND o.tenant_id = '{other.Tenant.Id}'
            """)).ShouldBeFalse("a network is another one for each tenant");

        await seed.Tenant.Http.DeleteAsync($"/v1/recipients/{seed.Recipients[3]}").ExpectAsync(HttpStatusCode.NoContent);
        (await NetworksAsync(seed)).ShouldBe(2);
        await http.FetchAsync(seed.Pixel(3), headers: office);
        await ClassesAsync(seed, 7);
        (await NetworksAsync(seed)).ShouldBe(2);

        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        foreach (var (age, left) in new[] { ("6 days", 2), ("2 days", 0) })
        {
            await AgeAsync(transaction, age);
            await HitNetworkStore.ForgetOldAsync(transaction, 10);
            (await transaction.QuerySingleAsync<long>("SELECT count(*) FROM hit_networks", new { })).ShouldBe(left);
        }
    }

    [Fact]
    public async Task The_spool_keeps_what_is_stored()
    {
        var seed = await Seed.SentAsync(service, 1);
        var hit = Click(seed, 0, service.Get<IClock>().GetCurrentInstant(), Office) with { IpCountry = "DE" };
        var read = SpooledHits.Read(SpoolFrames.Read(SpooledHits.Write([hit]).ToArray()).Single().Bytes).ShouldNotBeNull();
        (read with { Network = null }).ShouldBe(hit with { Network = null });
        read.Network.ShouldBe(hit.Network);
    }

    private ReceivedHit Click(Seed seed, int delivery, Instant at, string address) => new()
    {
        TenantId = seed.Tenant.Id,
        DeliveryId = seed.Deliveries[delivery],
        Kind = HitKind.Click,
        At = at,
        LinkIndex = 0,
        UserAgent = Browser.Chrome,
        Network = HitNetwork.HashOf(IPAddress.Parse(address), at, service.Get<KeyRing>().Derive(seed.Tenant.Id, KeyPurpose.Networks, HitNetwork.KeyBytes)),
    };

    private Task StoreAsync(Seed seed, ReceivedHit[] hits) => HitStore.InsertAsync(service.Get<Database>(), hits, CancellationToken.None);

    /// <summary>Class and reason of the tenant's opens and clicks, once there are so many; as the feed tells them now.</summary>
    private static async Task<IReadOnlyList<string>> ClassesAsync(Seed seed, int count)
    {
        var feed = new Feed(seed.Tenant.Http);
        await feed.ReadUntilAsync(count);
        return [.. feed.Seen.Select(e => $"{e["class"]} {e["reason"]}").Order(StringComparer.Ordinal)];
    }

    private async Task<long> HumanUniquesAsync(Seed seed) => (await seed.FoldedReportAsync(service))["clicks"]!["human"]!["unique"]!.GetValue<long>();

    private static Task<int> AgeAsync(TenantTransaction transaction, string by) => transaction.ExecuteAsync(
        "UPDATE hit_networks SET noted_at = noted_at - @by::interval WHERE tenant_id = @TenantId", new { transaction.TenantId, by });

    private async Task<long> NetworksAsync(Seed seed)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        return await transaction.QuerySingleAsync<long>("SELECT count(*) FROM hit_networks WHERE tenant_id = @TenantId", new { transaction.TenantId });
    }

    private async Task NothingDiffersAsync() => (await Folding.DifferencesAsync(service.Get<Database>())).ShouldBeEmpty();
}
