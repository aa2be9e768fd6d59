using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Time;
using NodaTime;

namespace CampaignHub.Server.Tests.Sending;

public sealed class FrequencyCapTests : IAsyncLifetime
{
    private TestService _service = null!;
    private Scenario _scenario = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync("--CampaignHub:Clock:Start=2026-11-27T12:00:00Z");
        _scenario = await Scenario.StartAsync(_service);
        await _scenario.AddAsync("ann@mail.example", "Europe/Berlin");
        await _scenario.Http.PutAsync("/v1/frequency-cap", new { messages = 1, per = "PT16H" }, HttpStatusCode.OK);
        await SendAsync(new { strategy = "now" }, "accepted");
    }

    public async Task DisposeAsync()
    {
        await _scenario.DisposeAsync();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_has_had_as_many_messages_as_the_tenant_allows_is_skipped_and_the_delivery_says_why()
    {
        var delivery = await SendAsync(new { strategy = "now" }, "suppressed");

        delivery["reason"]!.GetValue<string>().ShouldBe("frequency_cap");
        var shown = await _scenario.Http.GetJsonAsync($"/v1/deliveries/{delivery["id"]}");
        shown["timing"]!["explanation"]!.GetValue<string>().ShouldEndWith("not sent: the person has had as many messages as the frequency cap allows");
        _scenario.Sink.Messages.Count.ShouldBe(1);
        (await _scenario.Http.GetJsonAsync("/v1/suppressions"))["data"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_campaign_may_have_a_cap_of_its_own_or_wait_for_the_next_day()
    {
        await SendAsync(new { strategy = "now", frequency_cap = new { messages = 2, per = "PT16H" } }, "accepted");

        var waiting = await SendAsync(
            new { strategy = "now", allowed_hours = new { from = "09:00", to = "21:00" }, frequency_cap = new { messages = 1, per = "P2D", when_capped = "next_day" } }, "scheduled",
            d => d["due_at"]!.GetValue<string>().StartsWith("2026-11-28T12:0", StringComparison.Ordinal));

        waiting["attempts"]!.GetValue<int>().ShouldBe(0);
        _scenario.Sink.Messages.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_lifted_cap_holds_nobody_back()
    {
        await _scenario.Http.DeleteAsync("/v1/frequency-cap").ExpectAsync(HttpStatusCode.NoContent);

        (await _scenario.Http.GetJsonAsync("/v1/frequency-cap"))["frequency_cap"].ShouldBeNull();
        await SendAsync(new { strategy = "now" }, "accepted");
    }

    /// <summary>Over so many connections that marks of several campaigns for one person are written together.</summary>
    [Fact]
    public async Task Of_campaigns_at_one_instant_each_person_gets_one()
    {
        const int People = 10, Campaigns = 6;
        await using var scenario = await Scenario.StartAsync(_service, maxConnections: 32);
        await scenario.AddManyAsync(People);
        await scenario.Http.PutAsync("/v1/frequency-cap", new { messages = 1, per = "P1D" }, HttpStatusCode.OK);
        var campaigns = new List<Guid>();
        for (var i = 0; i < Campaigns; i++)
        {
            campaigns.Add(await scenario.DraftAsync(new { strategy = "instant", at = "2026-11-27T13:00:00Z" }));
            await scenario.LaunchAsync(campaigns[^1]);
        }
        _service.Get<BusinessClock>().StepTo(Instant.FromUtc(2026, 11, 27, 13, 0));
        foreach (var campaign in campaigns)
            await scenario.FinishedAsync(campaign);
        scenario.Sink.Messages.GroupBy(message => message.Recipients.Single()).Select(person => person.Count()).ShouldBe(Enumerable.Repeat(1, People));
    }

    [Theory]
    [InlineData("""{ "per": "PT16H" }""", "messages")]
    [InlineData("""{ "messages": 0, "per": "PT16H" }""", "messages")]
    [InlineData("""{ "messages": 1, "per": "PT1M" }""", "per")]
    [InlineData("""{ "messages": 1, "per": "P1M" }""", "per")]
    [InlineData("""{ "messages": 1, "per": "PT16H", "when_capped": "perhaps" }""", "when_capped")]
    public async Task A_cap_that_makes_no_sense_is_refused_by_field_and_changes_nothing(string cap, string field)
    {
        using var content = new StringContent(cap, null, "application/json");
        var problem = await _scenario.Http.PutAsync("/v1/frequency-cap", content).ExpectAsync(HttpStatusCode.UnprocessableEntity);
        problem["errors"]!.AsObject().Select(e => e.Key).ShouldBe([field]);

        var draft = await _scenario.Http.PostAsync(
            "/v1/campaigns", new { name = "x", schedule = new { strategy = "now", frequency_cap = JsonNode.Parse(cap) } }, HttpStatusCode.UnprocessableEntity);
        draft["errors"]!.AsObject().Select(e => e.Key).ShouldBe([$"schedule.frequency_cap.{field}"]);
        (await _scenario.Http.GetJsonAsync("/v1/frequency-cap"))["frequency_cap"]!["messages"]!.GetValue<int>().ShouldBe(1);
    }

    private async Task<JsonObject> SendAsync(object schedule, string state, Func<JsonObject, bool>? isThere = null)
    {
        var campaign = await _scenario.DraftAsync(schedule);
        await _scenario.LaunchAsync(campaign);
        return (await Eventually.Async(
            () => _scenario.DeliveriesAsync(campaign), d => d.Count == 1 && d.Values.All(x => x["state"]!.GetValue<string>() == state && isThere?.Invoke(x) != false),
            $"it is {state}")).Values.Single();
    }
}
