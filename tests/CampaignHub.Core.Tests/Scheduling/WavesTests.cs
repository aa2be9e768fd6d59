using CampaignHub.Core.Scheduling;
using CsCheck;
using NodaTime;
using static CampaignHub.Core.Tests.Scheduling.Times;

namespace CampaignHub.Core.Tests.Scheduling;

public sealed class WavesTests
{
    [Fact]
    public void Zones_of_one_instant_share_a_wave_and_waves_come_in_order()
    {
        var schedule = new LocalTimeSchedule(new LocalDate(2026, 11, 27), new LocalTime(10, 0), PassedRule.Default);
        var plan = Planning.Plan(schedule, ["Europe/Berlin", "Europe/Paris", "Asia/Tokyo"], Utc("2026-11-20T00:00:00Z"));
        var waves = Waves.Group(plan);
        waves.Select(wave => wave.DueAt).ShouldBe([Utc("2026-11-27T01:00:00Z"), Utc("2026-11-27T09:00:00Z")]);
        waves[1].Zones.Select(zone => zone.TimeZone).ShouldBe(["Europe/Berlin", "Europe/Paris"]);
    }

    [Fact]
    public void Before_launch_now_is_one_wave_without_an_instant() =>
        Waves.Group(Planning.Plan(new NowSchedule(null), Gens.Zones, Utc("2026-11-20T00:00:00Z")))
            .ShouldHaveSingleItem().DueAt.ShouldBeNull();

    [Fact]
    public void Each_zone_that_is_sent_is_in_exactly_one_wave_and_no_missed_one_is() =>
        Gens.Planning.Sample(p =>
        {
            var plan = Planning.Plan(p.Schedule, Gens.Zones, p.Now);
            var waves = Waves.Group(plan);
            var waved = waves.SelectMany(wave => wave.Zones).Select(zone => zone.Place).ToList();
            return waved.ToHashSet().SetEquals(plan.Where(z => z.Outcome == ZoneOutcome.Send).Select(z => z.Place))
                && waved.Distinct().Count() == waved.Count
                && waves.Select(wave => wave.DueAt).Distinct().Count() == waves.Count
                && waves.All(wave => wave.Zones.All(zone => zone.DueAt == wave.DueAt));
        });
}
