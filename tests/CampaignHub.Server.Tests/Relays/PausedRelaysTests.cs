using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Tests.Relays;

/// <summary>Alone, since a process has one metric of each name: beside others, that of another service may be read.</summary>
[Collection(Alone.Name)]
public sealed class PausedRelaysTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task Health_and_metrics_tell_of_paused_relays_and_the_service_stays_ready()
    {
        var relay = await StoredRelay.MakeAsync(_service);
        await relay.InAsync(async t => await RelayStandingStore.NotePausedAsync(
            t, (await RelayStore.FindAsync(t, relay.Id))!, "The relay refused the login.", _service.Get<IClock>().GetCurrentInstant()));
        await Eventually.Async(async () =>
        {
            using var answer = await _service.Anonymous.GetAsync("/health/ready");
            return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
        }, health => health.StartsWith("""200 {"status":"ready",""", StringComparison.Ordinal) && health.Contains(" paused", StringComparison.Ordinal), "the pause in the health report");
        (await _service.Anonymous.GetStringAsync("/metrics")).ShouldMatch(@"campaignhub_relays_paused\S* [1-9]");
    }
}
