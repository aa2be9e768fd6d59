using CampaignHub.Core.Tracking;
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
            (await StoredHits.CountAsync(service, seed)).ShouldBe(200);
    }

    [Fact]
    public void A_long_header_is_cut_between_characters_so_that_it_spoils_no_batch()
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.UserAgent = new string('x', 511) + "\U0001F600";
        var hit = ReceivedHit.Open(TrackingToken.Open(Guid.CreateVersion7(), Guid.CreateVersion7()), request, Instant.FromUtc(2026, 11, 27, 9, 0));
        hit.UserAgent.ShouldBe(new string('x', 511));
    }
}
