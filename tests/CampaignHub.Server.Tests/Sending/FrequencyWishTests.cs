using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Time;
using NodaTime;

namespace CampaignHub.Server.Tests.Sending;

/// <summary>How often a person themselves wants to be mailed at most. Each test begins at noon of a day of its own, which is one o'clock in Berlin.</summary>
public sealed class FrequencyWishTests(FrequencyWishFixture fixture) : IClassFixture<FrequencyWishFixture>, IAsyncLifetime
{
    private readonly TestService _service = fixture.Service;
    private Scenario _scenario = null!;
    private LocalDate _day;
    private Guid _ann;

    public async Task InitializeAsync()
    {
        _day = _service.Get<IClock>().GetCurrentInstant().InUtc().Date.PlusDays(1);
        StepTo(0, 12, 0);
        _scenario = await Scenario.StartAsync(_service, maxConnections: 32);
        _ann = await _scenario.AddAsync("ann@mail.example", "Europe/Berlin");
    }

    public Task DisposeAsync() => _scenario.DisposeAsync().AsTask();

    [Fact]
    public async Task Somebody_who_wants_one_mail_a_day_gets_the_next_on_the_next_day_of_their_own_calendar()
    {
        await WishAsync("daily");
        await SendAsync("accepted");

        var capped = await SendAsync("suppressed");
        capped["reason"]!.GetValue<string>().ShouldBe("frequency_wish");
        (await _scenario.Http.GetJsonAsync($"/v1/deliveries/{capped["id"]}"))["timing"]!["explanation"]!.GetValue<string>()
            .ShouldEndWith("not sent: the person has had as many messages as they want");

        StepTo(0, 22, 59);
        await SendAsync("suppressed");
        StepTo(0, 23, 1);
        await SendAsync("accepted");
        _scenario.Sink.Messages.Count.ShouldBe(2);
    }

    [Fact]
    public async Task One_mail_a_week_is_one_in_seven_days_and_a_wish_that_is_taken_back_holds_nobody_back()
    {
        await WishAsync("weekly");
        await SendAsync("accepted");
        StepTo(6, 22, 0);
        await SendAsync("suppressed");
        StepTo(6, 23, 1);
        await SendAsync("accepted");

        await WishAsync(null);
        await SendAsync("accepted");
    }

    [Fact]
    public async Task The_stricter_of_wish_and_cap_holds_and_the_caps_when_capped_says_what_follows()
    {
        await WishAsync("daily");
        await _scenario.Http.PutAsync("/v1/frequency-cap", new { messages = 5, per = "P1D", when_capped = "next_day" }, HttpStatusCode.OK);
        await SendAsync("accepted");
        var waiting = await SendAsync("scheduled", d => d["due_at"]!.GetValue<string>().StartsWith($"{_day.PlusDays(1):uuuu-MM-dd}T12:0", StringComparison.Ordinal));
        waiting["attempts"]!.GetValue<int>().ShouldBe(0);

        await _scenario.Http.PutAsync("/v1/frequency-cap", new { messages = 1, per = "P2D" }, HttpStatusCode.OK);
        StepTo(0, 23, 30);
        (await SendAsync("suppressed"))["reason"]!.GetValue<string>().ShouldBe("frequency_cap");
    }

    /// <summary>Over so many connections that marks of several campaigns for one person are written together.</summary>
    [Fact]
    public async Task Of_campaigns_at_one_instant_each_person_gets_one()
    {
        const int People = 10, Campaigns = 6;
        await _scenario.AddManyAsync(People);
        await _service.SqlAsync($"UPDATE campaignhub.recipients SET max_frequency = 'daily' WHERE tenant_id = '{_scenario.Tenant.Id}'");
        var campaigns = new List<Guid>();
        for (var i = 0; i < Campaigns; i++)
        {
            campaigns.Add(await _scenario.DraftAsync(new { strategy = "instant", at = $"{_day:uuuu-MM-dd}T13:00:00Z" }));
            await _scenario.LaunchAsync(campaigns[^1]);
        }
        StepTo(0, 13, 0);
        foreach (var campaign in campaigns)
            await _scenario.FinishedAsync(campaign);
        _scenario.Sink.Messages.GroupBy(message => message.Recipients.Single()).Select(person => person.Count()).ShouldBe(Enumerable.Repeat(1, People + 1));
    }

    private Task<JsonObject> WishAsync(string? frequency) => _scenario.Http.PatchAsync($"/v1/recipients/{_ann}", new { max_frequency = frequency }, HttpStatusCode.OK);

    private void StepTo(int days, int hour, int minute) =>
        _service.Get<BusinessClock>().StepTo(_day.PlusDays(days).At(new LocalTime(hour, minute)).InUtc().ToInstant());

    private async Task<JsonObject> SendAsync(string state, Func<JsonObject, bool>? isThere = null)
    {
        var campaign = await _scenario.DraftAsync();
        await _scenario.LaunchAsync(campaign);
        return (await Eventually.Async(
            () => _scenario.DeliveriesAsync(campaign), d => d.Count == 1 && d.Values.All(x => x["state"]!.GetValue<string>() == state && isThere?.Invoke(x) != false),
            $"it is {state}")).Values.Single();
    }
}

/// <summary>A service in winter, when Berlin is an hour ahead of UTC.</summary>
public sealed class FrequencyWishFixture : IAsyncLifetime
{
    public TestService Service { get; private set; } = null!;

    public async Task InitializeAsync() => Service = await TestService.StartAsync("--CampaignHub:Clock:Start=2026-11-26T12:00:00Z");

    public Task DisposeAsync() => Service.DisposeAsync().AsTask();
}
