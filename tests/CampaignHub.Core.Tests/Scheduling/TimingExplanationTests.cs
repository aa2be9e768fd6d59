using CampaignHub.Core.Audience;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Scheduling.BestHours;
using CampaignHub.Core.Sending;
using CsCheck;
using NodaTime;
using static CampaignHub.Core.Tests.Scheduling.Times;

namespace CampaignHub.Core.Tests.Scheduling;

public sealed class TimingExplanationTests
{
    private static readonly ZonePlan SaoPaulo =
        new("America/Sao_Paulo", Local("2026-11-27T10:00"), Utc("2026-11-27T13:00:00Z"), Adjustment.None);

    private static readonly ZoneEvidence FromRegion = new(ZoneSource.Region, "BR", "SP");

    [Fact]
    public void Nothing_changed_is_said_too() =>
        Explain(SaoPaulo).ShouldBe("10:00 on Friday 27 November in America/Sao_Paulo, known from region SP; no change");

    [Fact]
    public void Before_launch_now_is_the_moment_of_launch() =>
        Explain(SaoPaulo with { Local = null, DueAt = null }).ShouldBe("The moment of launch in America/Sao_Paulo, known from region SP; no change");

    [Theory]
    [InlineData(Adjustment.QuietHours, "2026-11-28T11:00:00Z", "outside of the allowed hours; due at 08:00 on Saturday 28 November")]
    [InlineData(Adjustment.AllowedDays, "2026-11-30T13:00:00Z", "not on an allowed day; due at 10:00 on Monday 30 November")]
    [InlineData(Adjustment.Overlap, "2026-11-27T13:00:00Z", "the clock shows that time twice there: the first one")]
    [InlineData(Adjustment.Gap, "2026-11-27T14:00:00Z", "the clock skips that time there, so it moved by as much; due at 11:00 on Friday 27 November")]
    public void Each_adjustment_has_its_words(Adjustment adjustment, string due, string words) =>
        Explain(SaoPaulo with { Adjustment = adjustment, DueAt = Utc(due) }).ShouldEndWith($"known from region SP; {words}");

    [Theory]
    [InlineData(PassedOutcome.AtOnce, "2026-11-27T13:40:00Z", "it had passed, so at once; due at 10:40 on Friday 27 November")]
    [InlineData(PassedOutcome.NextDay, "2026-11-27T13:00:00Z", "the day asked for had passed, so on the next")]
    public void What_had_passed_says_what_became_of_it(PassedOutcome passed, string due, string words) =>
        Explain(SaoPaulo with { Adjustment = Adjustment.Passed, Passed = passed, DueAt = Utc(due) }).ShouldEndWith($"SP; {words}");

    [Fact]
    public void What_was_missed_says_so() =>
        Explain(SaoPaulo with { Adjustment = Adjustment.Passed, Passed = PassedOutcome.Missed, Outcome = ZoneOutcome.Missed }, DeliveryState.Missed)
            .ShouldEndWith("; it had passed, and the schedule skips those; not sent");

    [Fact]
    public void A_place_in_the_window_is_told() =>
        Explain(SaoPaulo with { Slot = 17, DueAt = Utc("2026-11-27T13:17:00Z") })
            .ShouldEndWith("; spread over the window; due at 10:17 on Friday 27 November");

    [Theory]
    [InlineData(BestTimeArm.Learned, 62, "their best hour, 62 % of it from when they read and the rest from when people like them do; no change")]
    [InlineData(BestTimeArm.Learned, 0, "the best hour of people like them, as little is known of their own; no change")]
    [InlineData(BestTimeArm.Explored, 62, "an hour seldom tried that may be better; no change")]
    [InlineData(BestTimeArm.Holdout, 62, "the fixed hour, so that the gain of the others can be measured; no change")]
    public void How_an_hour_was_found_is_told(BestTimeArm arm, int own, string words) =>
        TimingExplanation.Of(SaoPaulo with { Hour = 10, Arm = arm }, FromRegion, DeliveryState.Scheduled, null, new HourGrounds(10, 11, 12, own)).ShouldEndWith($"SP; {words}");

    [Fact]
    public void Where_a_zone_was_guessed_all_of_the_countrys_are_named() =>
        Explain(SaoPaulo with { UnsureCountry = "BR", Adjustment = Adjustment.QuietHours, DueAt = Utc("2026-11-27T15:00:00Z") })
            .ShouldEndWith("; moved into the allowed hours of all zones of country BR; due at 12:00 on Friday 27 November");

    [Theory]
    [InlineData(DeliveryState.Suppressed, "no_consent", "not sent: there is no consent any more")]
    [InlineData(DeliveryState.Suppressed, "suppressed", "not sent: the address is suppressed")]
    [InlineData(DeliveryState.Cancelled, null, "not sent: the campaign was cancelled")]
    [InlineData(DeliveryState.Rejected, "unknown_recipient", "refused (unknown recipient)")]
    [InlineData(DeliveryState.Expired, "mailbox_full", "given up after the last retry (mailbox full)")]
    public void Each_end_without_a_message_has_its_words(DeliveryState state, string? reason, string words) =>
        Explain(SaoPaulo, state, reason).ShouldEndWith($"; {words}");

    [Fact]
    public void Every_place_of_a_plan_can_be_explained_in_every_state_from_every_source() =>
        Gen.Select(Gens.Planning, Gen.Enum<DeliveryState>(), Gen.Enum<ZoneSource>()).Sample((p, state, source) =>
            Planning.Plan(p.Schedule, Gens.Zones, p.Now).All(z => !TimingExplanation.Of(z, new ZoneEvidence(source), state, null).Contains("; ;", StringComparison.Ordinal)));

    [Fact]
    public void Who_has_passed_is_summed_up_by_what_becomes_of_them()
    {
        var schedule = new LocalTimeSchedule(new LocalDate(2026, 11, 27), new LocalTime(10, 0), PassedRule.Default);
        var plan = Planning.Plan(schedule, ["Pacific/Auckland", "Australia/Sydney", "Asia/Tokyo", "Europe/Berlin"], Utc("2026-11-27T01:30:00Z"));
        var people = new Dictionary<string, long> { ["Pacific/Auckland"] = 12, ["Australia/Sydney"] = 300, ["Asia/Tokyo"] = 1, ["Europe/Berlin"] = 5_000 };
        PassedSummary.Of([.. plan.Select(z => (z, people[z.TimeZone]))]).Select(s => s.Sentence).ShouldBe(
        [
            "1 person in Tokyo has passed 10:00: sent at once",
            "312 people in Sydney and Auckland have passed 10:00: next day",
        ]);
    }

    [Fact]
    public void Many_zones_are_not_all_named()
    {
        var schedule = new LocalTimeSchedule(new LocalDate(2026, 11, 27), new LocalTime(10, 0), new PassedRule(WhenPassed.Skip, Duration.Zero));
        var plan = Planning.Plan(schedule, Gens.Zones, Utc("2026-11-29T00:00:00Z"));
        PassedSummary.Of([.. plan.Select(z => (z, 1_000L))]).ShouldHaveSingleItem().Sentence
            .ShouldBe("17,000 people in Casablanca, Havana and 15 more zones have passed 10:00: not sent");
    }

    private static string Explain(ZonePlan plan, DeliveryState state = DeliveryState.Scheduled, string? reason = null) =>
        TimingExplanation.Of(plan, FromRegion, state, reason);
}
