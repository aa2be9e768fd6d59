using System.Net;
using CampaignHub.Core.Scheduling.BestHours;
using CampaignHub.Server.Demo.Readers;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Scheduling.BestHours;
using NodaTime;

namespace CampaignHub.Server.Tests.Scheduling;

/// <summary>The best hour of each: learned from what people open, planned by it, and said why.</summary>
public sealed class BestTimeTests : IAsyncLifetime
{
    private static readonly object Schedule = new { strategy = "best_time", allowed_hours = new { from = "07:00", to = "22:00" }, holdout = 0, explore = 0 };

    private TestService _service = null!;
    private Scenario _scenario = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync("--CampaignHub:Clock:Start=2026-11-24T12:00:00Z");
        _scenario = await Scenario.StartAsync(_service);
    }

    [Fact]
    public async Task What_a_human_opens_is_learned_and_learning_it_again_finds_the_same()
    {
        var ann = await _scenario.AddAsync("ann@shop.example", "Asia/Tokyo");
        await _scenario.AddAsync("kenji@shop.example", "Asia/Tokyo");
        var campaign = await _scenario.DraftAsync();
        await _scenario.LaunchAsync(campaign);
        await _scenario.FinishedAsync(campaign);
        var mail = DeliveredMail.Of(_scenario.Sink.Messages.Single(m => m.Recipients.Contains("ann@shop.example")));
        using (var request = new HttpRequestMessage(HttpMethod.Get, mail.Pixel.PathAndQuery))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36");
            (await _service.Anonymous.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        var learned = await Eventually.Async(HabitsAsync, habits => habits.Count == 2 && habits[ann][0].Delay is not null, "the open is learned from");

        // 12:00Z is 21:00 in Tokyo.
        learned[ann].ShouldHaveSingleItem().ShouldBe(new Reading(HourEvidence.DayNumber(new LocalDate(2026, 11, 24)), 21, 0, false));
        learned.Single(habit => habit.Key != ann).Value.ShouldHaveSingleItem().Delay.ShouldBeNull();
        await Relearning.RunAsync(_service.ConnectionString, CancellationToken.None);
        (await HabitsAsync()).ToDictionary(h => h.Key, h => string.Join(' ', h.Value)).ShouldBe(learned.ToDictionary(h => h.Key, h => string.Join(' ', h.Value)), ignoreOrder: true);
    }

    [Fact]
    public async Task Each_gets_the_hour_that_they_read_at_and_the_delivery_says_why()
    {
        var evening = await _scenario.AddAsync("evening@shop.example", "Europe/Berlin");
        var morning = await _scenario.AddAsync("morning@shop.example", "Asia/Tokyo");
        await ReadsAtAsync(evening, 20);
        await ReadsAtAsync(morning, 8);
        var campaign = await _scenario.DraftAsync(Schedule);

        var plan = await _scenario.PlanAsync(campaign);

        plan["best_time"]!.ToJsonString().ShouldBe("""{"learned":2,"explored":0,"holdout":0}""");
        // 20:00 in Berlin is still ahead today; 08:00 in Tokyo is tomorrow.
        plan["instants"]!.AsArray().Select(i => $"{i!["due_at"]} {i["zones"]![0]!["local"]}")
            .ShouldBe(["2026-11-24T19:00:00Z 2026-11-24T20:00", "2026-11-24T23:00:00Z 2026-11-25T08:00"]);
        var timing = (await _scenario.DeliveriesAsync(campaign))["evening@shop.example"]["timing"]!;
        timing["rule"]!.GetValue<string>().ShouldBe("best_time");
        timing["best_time"]!["arm"]!.GetValue<string>().ShouldBe("learned");
        timing["best_time"]!["top_hours"]![0]!.GetValue<int>().ShouldBe(20);
        var own = timing["best_time"]!["own_percent"]!.GetValue<int>();
        timing["explanation"]!.GetValue<string>().ShouldBe(
            $"20:00 on Tuesday 24 November in Europe/Berlin, as given; their best hour, {own} % of it from when they read and the rest from when people like them do; no change");
    }

    [Fact]
    public async Task The_held_out_get_the_fixed_hour_and_launching_changes_nothing()
    {
        await _scenario.AddManyAsync(200);
        await _service.SqlAsync($"UPDATE campaignhub.recipients SET time_zone = 'Europe/Berlin', time_zone_source = 'given' WHERE tenant_id = '{_scenario.Tenant.Id}'");
        var campaign = await _scenario.DraftAsync(new { strategy = "best_time", time = "15:00", allowed_hours = new { from = "07:00", to = "22:00" }, holdout = 50, explore = 0 });

        var plan = await _scenario.PlanAsync(campaign);
        var arms = plan["best_time"]!;
        (arms["learned"]!.GetValue<int>() + arms["holdout"]!.GetValue<int>(), arms["explored"]!.GetValue<int>()).ShouldBe((200, 0));
        arms["holdout"]!.GetValue<int>().ShouldBeInRange(60, 140);
        // Nothing is known yet: both get the fixed hour, in one wave.
        plan["instants"]!.AsArray().ShouldHaveSingleItem()!["due_at"]!.GetValue<string>().ShouldBe("2026-11-24T14:00:00Z");

        await _scenario.LaunchAsync(campaign);
        (await _scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}/plan"))["instants"]!.AsArray().Select(i => $"{i!["due_at"]} {i["recipients"]}").ShouldBe(["2026-11-24T14:00:00Z 200"]);
    }

    [Fact]
    public async Task A_person_who_is_deleted_takes_their_habits_along()
    {
        var ann = await _scenario.AddAsync("ann@shop.example");
        await ReadsAtAsync(ann, 20);
        await _scenario.Http.DeleteAsync(new Uri($"/v1/recipients/{ann}", UriKind.Relative));
        (await HabitsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task People_whose_zone_is_guessed_wait_until_it_is_day_everywhere_in_their_country_or_are_skipped()
    {
        await _scenario.Http.PostAsync("/v1/recipients", new { email = "us@shop.example", country = "US", lists = (Guid[])[_scenario.ListId] }, HttpStatusCode.Created);
        await _scenario.AddAsync("berlin@shop.example", "Europe/Berlin");
        object With(string unsure, string to = "21:00") => new { strategy = "local_time", date = "2026-11-25", time = "09:00", unsure_zone = unsure, allowed_hours = new { from = "08:00", to } };

        var safe = await _scenario.DraftAsync(With("safe"));
        await _scenario.PlanAsync(safe);
        // At 09:00 in New York it is night in Honolulu and in Guam, which is the last where it is day: at 22:00Z.
        var timing = (await _scenario.DeliveriesAsync(safe))["us@shop.example"]["timing"]!;
        (timing["due_at"]!.GetValue<string>(), timing["adjustment"]!.GetValue<string>()).ShouldBe(("2026-11-25T22:00:00Z", "quiet_hours"));
        timing["explanation"]!.GetValue<string>().ShouldContain("moved into the allowed hours of all zones of country US; due at 17:00");
        (await _scenario.DeliveriesAsync(safe))["berlin@shop.example"]["due_at"]!.GetValue<string>().ShouldBe("2026-11-25T08:00:00Z");

        var skip = await _scenario.DraftAsync(With("skip"));
        var plan = await _scenario.PlanAsync(skip);
        (plan["recipients"]!.GetValue<int>(), plan["excluded"]!["unsure_zone"]!.GetValue<int>()).ShouldBe((1, 1));

        var narrow = await _scenario.DraftAsync(With("safe", to: "10:00"));
        var refusal = await _scenario.Http.PostAsync($"/v1/campaigns/{narrow}/plan", null).ExpectAsync(HttpStatusCode.UnprocessableEntity);
        refusal["errors"]!["schedule.unsure_zone"]!["message"]!.GetValue<string>().ShouldContain("people of US");
        (await _scenario.Http.GetJsonAsync($"/v1/campaigns/{narrow}/readiness"))["blockers"]!.AsArray().Select(b => b!["code"]!.GetValue<string>()).ShouldContain("zones_never_allowed");
    }

    public async Task DisposeAsync()
    {
        await _scenario.DisposeAsync();
        await _service.DisposeAsync();
    }

    /// <summary>Twenty messages of the last weeks, sent at all hours of the day and always read at this one.</summary>
    private Task ReadsAtAsync(Guid recipientId, int hour)
    {
        var today = HourEvidence.DayNumber(new LocalDate(2026, 11, 24));
        var codes = Enumerable.Range(1, 20).Select(n => (Day: today - 2 * n, Hour: 7 + n % 14)).Select(sent => new Reading(sent.Day, sent.Hour, (hour - sent.Hour + 24) % 24, false).Code).Order();
        return _service.SqlAsync($"INSERT INTO campaignhub.reading_habits VALUES ('{_scenario.Tenant.Id}', '{recipientId}', '{{{string.Join(',', codes)}}}')");
    }

    private async Task<Dictionary<Guid, Reading[]>> HabitsAsync()
    {
        await using var transaction = await _service.Get<Database>().BeginAsync(_scenario.Tenant.Id, CancellationToken.None);
        return (await transaction.QueryAsync<(Guid RecipientId, int[] Codes)>("SELECT recipient_id, readings FROM reading_habits WHERE tenant_id = @TenantId", new { transaction.TenantId }))
            .ToDictionary(h => h.RecipientId, h => Array.ConvertAll(h.Codes, Reading.FromCode));
    }
}
