using System.Net;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Tracking;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace CampaignHub.Server.Tests.Tracking;

public sealed class HitIngestTests
{
    [Fact]
    public async Task Every_hit_that_is_answered_normally_is_stored_once()
    {
        await using var service = await TestService.StartAsync();
        Seed[] seeds = [await Seed.SentAsync(service), await Seed.SentAsync(service)];
        using var http = service.Anonymous;
        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(n => http.FetchAsync(seeds[n % 2].Pixel(n % 4))));
        answers.ShouldAllBe(a => !a.Headers.Contains("Tracking-Stored"));
        foreach (var seed in seeds)
            (await CountAsync(service, seed)).ShouldBe(200);
    }

    [Fact]
    public async Task A_hit_that_cannot_be_stored_is_answered_all_the_same_and_says_so()
    {
        await using var service = await TestService.StartAsync();
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        await AsOwnerAsync(service, "REVOKE INSERT ON campaignhub.hits FROM campaignhub_service");

        using var click = await http.FetchAsync(seed.Link());
        click.StatusCode.ShouldBe(HttpStatusCode.Found);
        click.Headers.Location.ShouldNotBeNull();
        click.Headers.GetValues("Tracking-Stored").ShouldBe(["no"]);
        using var pixel = await http.FetchAsync(seed.Pixel());
        pixel.Headers.GetValues("Tracking-Stored").ShouldBe(["no"]);
        (await http.GetStringAsync("/metrics")).ShouldContain("campaignhub_tracking_not_stored_total{", Case.Sensitive);

        await AsOwnerAsync(service, "GRANT INSERT ON campaignhub.hits TO campaignhub_service");
        using var again = await http.FetchAsync(seed.Link());
        again.Headers.Contains("Tracking-Stored").ShouldBeFalse();
        (await CountAsync(service, seed)).ShouldBe(1);
    }

    [Fact]
    public void A_long_header_is_cut_between_characters_so_that_it_spoils_no_batch()
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.UserAgent = new string('x', 511) + "\U0001F600";
        var hit = ReceivedHit.Open(TrackingToken.Open(Guid.CreateVersion7(), Guid.CreateVersion7()), request, Instant.FromUtc(2026, 11, 27, 9, 0));
        hit.UserAgent.ShouldBe(new string('x', 511));
    }

    private static async Task<int> CountAsync(TestService service, Seed seed)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        return await transaction.QuerySingleAsync<int>("SELECT count(*)::int FROM hits WHERE tenant_id = @TenantId", new { transaction.TenantId });
    }

    private static async Task AsOwnerAsync(TestService service, string sql)
    {
        await using var connection = await service.Get<Database>().OpenConnectionAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = $"RESET ROLE; SET ROLE NONE; {sql}; SET ROLE {Database.ServiceRole}";
        await command.ExecuteNonQueryAsync();
    }
}
