using CampaignHub.Core.Audience;
using NodaTime;
using Xunit.Abstractions;

namespace CampaignHub.Core.Tests.Audience;

public sealed class ActivityZonesTests(ITestOutputHelper output)
{
    private static readonly LocalDate Monday = new(2026, 7, 6);

    [Fact]
    public void Few_hits_or_few_days_say_nothing()
    {
        Learn(days: 60, "Australia/Perth", "AU")!.Value.TimeZone.ShouldBe("Australia/Perth");
        Learn(days: 7, "Australia/Perth", "AU").ShouldBeNull();
        var threeDays = Enumerable.Range(0, 60).Select(n => Monday.PlusDays(n % 3).AtMidnight().InUtc().ToInstant() + Duration.FromMinutes(n * 20));
        ActivityZones.Learn([.. threeDays], "AU").ShouldBeNull();
    }

    [Fact]
    public void A_country_of_one_time_leaves_nothing_to_learn() => Learn(days: 60, "Asia/Tokyo", "DE").ShouldBeNull();

    [Fact]
    public void Zones_that_agreed_at_every_hit_are_named_by_the_one_that_more_live_in()
    {
        // In summer Phoenix, without daylight saving time, has the time of Los Angeles.
        Learn(days: 54, "America/Phoenix", "US")!.Value.TimeZone.ShouldBe("America/Los_Angeles");
    }

    /// <summary>
    /// People with habits of their own: each gets up earlier or later than most (an hour and a quarter, standard deviation)
    /// and reads mostly at three hours of the day. A wrong zone is counted against its source, whatever it costs.
    /// </summary>
    [Fact]
    public void People_with_their_own_habits_are_mostly_placed_within_an_hour()
    {
        string[] zones = ["America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "Europe/Moscow", "Asia/Vladivostok", "Asia/Yekaterinburg",
            "Australia/Sydney", "Australia/Perth", "America/Sao_Paulo", "America/Rio_Branco"];
        string[] countries = ["US", "US", "US", "RU", "RU", "RU", "AU", "AU", "BR", "BR"];
        output.WriteLine("source    hits  people learned within_an_hour exact confidence");
        foreach (var hits in (int[])[8, 16, 32, 64])
        {
            var people = zones.Zip(countries).SelectMany((place, n) => Simulate(place.First, place.Second, hits, count: 100, seed: n * 100 + hits)
                .Select(learned => (Truth: place.First, Learned: learned))).ToList();
            var learned = people.Where(p => p.Learned is not null).ToList();
            var exact = learned.Average(p => HoursApart(p.Truth, p.Learned!.Value.TimeZone) == 0 ? 1.0 : 0);
            var near = learned.Average(p => HoursApart(p.Truth, p.Learned!.Value.TimeZone) <= 1 ? 1.0 : 0);
            output.WriteLine($"activity  {hits,4}  {people.Count,6} {learned.Count,7} {near,14:P1} {exact,5:P1} {learned.Average(p => p.Learned!.Value.Confidence),10:P1}");
            near.ShouldBeGreaterThanOrEqualTo(0.8);
        }
    }

    /// <summary>At seven in the morning and ten in the evening, by turns.</summary>
    private static LearnedZone? Learn(int days, string zone, string country) => ActivityZones.Learn([.. Enumerable.Range(0, days)
        .Select(n => (Monday.PlusDays(n) + new LocalTime(n % 2 == 0 ? 7 : 22, 0)).InZoneLeniently(DateTimeZoneProviders.Tzdb[zone]).ToInstant())], country);

    private static List<LearnedZone?> Simulate(string zone, string country, int hits, int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => ActivityZones.Learn(Person(random, DateTimeZoneProviders.Tzdb[zone], hits), country))];
    }

    private static Instant[] Person(Random random, DateTimeZone zone, int hits)
    {
        var shift = 1.25 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var habits = Enumerable.Range(0, 3).Select(_ => 7.5 + random.NextDouble() * 15).ToArray();
        return [.. Enumerable.Range(0, hits).Select(n =>
        {
            var hour = shift + (random.NextDouble() < 0.6 ? habits[random.Next(3)] + random.NextDouble() - 0.5 : 7.5 + random.NextDouble() * 15);
            return Monday.PlusDays(n * 60 / hits).AtStartOfDayInZone(zone).ToInstant() + Duration.FromHours(hour);
        })];
    }

    private static double HoursApart(string one, string other)
    {
        var at = Monday.AtMidnight().InUtc().ToInstant();
        return Math.Abs(DateTimeZoneProviders.Tzdb[one].GetUtcOffset(at).Seconds - DateTimeZoneProviders.Tzdb[other].GetUtcOffset(at).Seconds) / 3600.0;
    }
}
