using CampaignHub.Core.Scheduling.BestHours;
using CsCheck;
using NodaTime;

namespace CampaignHub.Core.Tests.Scheduling.BestHours;

public sealed class HourChooserTests
{
    private static readonly int Today = HourEvidence.DayNumber(new LocalDate(2026, 11, 27)); // a Friday
    private static readonly HourChoice[] ByDay = [.. Enumerable.Range(7, 15).Select(hour => new HourChoice(hour, Today))];
    private static readonly BestTimeRule NoChance = new(10, HoldoutPercent: 0, ExplorePercent: 0);
    private static readonly Guid Campaign = Guid.CreateVersion7();

    [Fact]
    public void While_nothing_is_known_everybody_gets_the_fixed_hour() =>
        Choose(new ReadingPools(Today, []), []).ShouldSatisfyAllConditions(chosen => (chosen.Hour, chosen.Arm, chosen.Grounds.OwnPercent).ShouldBe((10, BestTimeArm.Learned, 0)));

    [Theory]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(20)]
    public void Somebody_who_always_reads_at_one_hour_gets_it_at_that_hour_whatever_the_hours_it_was_sent_at(int reads)
    {
        // Sent at all hours of the day, always read at the same.
        int[] own = [.. Enumerable.Range(1, 20).Select(n => (Day: Today - 2 * n, Hour: 7 + n % 14)).Select(sent => new Reading(sent.Day, sent.Hour, (reads - sent.Hour + 24) % 24, false).Code)];
        var pools = PoolsOf(Enumerable.Repeat(own, 50));
        Choose(pools, own).Hour.ShouldBe(reads);
    }

    [Fact]
    public void A_stranger_gets_the_hour_of_people_like_them()
    {
        var pools = new ReadingPools(Today, [("JP", "post.example")]);
        for (var person = 0; person < 300; person++)
        {
            pools.Add("DE", "mail.example", Habit(19));
            pools.Add("JP", "mail.example", Habit(8));
            pools.Add("JP", "post.example", Habit(13));
        }
        Hour("DE", "mail.example").ShouldBe(19);
        Hour("JP", "unheard-of.example").ShouldBeOneOf(8, 13);
        Hour("JP", "post.example").ShouldBe(13);

        int Hour(string country, string domain) => new HourChooser(Campaign, NoChance, pools, Today).Choose(Guid.CreateVersion7(), country, domain, [], ByDay).Hour;
    }

    [Fact]
    public void Where_all_read_alike_one_persons_chance_reading_leads_nobody_astray()
    {
        // Each read once, at an hour of chance: nobody's past says anything of their next reading.
        var random = new Random(7);
        var people = Enumerable.Range(0, 2_000).Select(_ => (int[])[.. Enumerable.Range(1, 8).Select(n => new Reading(Today - 4 * n, 10, random.Next(4) == 0 ? random.Next(12) : null, false).Code).Order()]).ToList();
        var pools = PoolsOf(people);
        pools.PersonStrength.ShouldBeGreaterThanOrEqualTo(64);
        Choose(pools, people[0]).Grounds.OwnPercent.ShouldBeLessThan(15);
    }

    [Fact]
    public void Where_each_has_habits_a_persons_own_past_counts()
    {
        var random = new Random(7);
        var pools = PoolsOf(Enumerable.Range(0, 500).Select(_ => Habit(random.Next(7, 22))));
        pools.PersonStrength.ShouldBeLessThan(16);
    }

    [Fact]
    public void The_held_out_are_about_as_many_as_asked_and_get_the_fixed_hour()
    {
        var pools = PoolsOf(Enumerable.Repeat(Habit(19), 100));
        var chooser = new HourChooser(Campaign, new BestTimeRule(10, 20, 10), pools, Today);
        var chosen = Enumerable.Range(0, 5_000).Select(_ => chooser.Choose(Guid.CreateVersion7(), "DE", "mail.example", [], ByDay)).ToLookup(c => c.Arm);
        chosen[BestTimeArm.Holdout].ShouldAllBe(c => c.Hour == 10);
        chosen[BestTimeArm.Learned].ShouldAllBe(c => c.Hour == 19);
        chosen[BestTimeArm.Holdout].Count().ShouldBeInRange(850, 1_150);
        chosen[BestTimeArm.Explored].Count().ShouldBeInRange(390, 610);
    }

    [Fact]
    public void Those_who_explore_spread_over_hours_of_which_little_is_known()
    {
        var chooser = new HourChooser(Campaign, new BestTimeRule(10, 0, 50), new ReadingPools(Today, []), Today);
        Enumerable.Range(0, 500).Select(_ => chooser.Choose(Guid.CreateVersion7(), "DE", "mail.example", [], ByDay)).Where(c => c.Arm == BestTimeArm.Explored)
            .Select(c => c.Hour).Distinct().Count().ShouldBeGreaterThan(10);
    }

    [Fact]
    public void One_campaign_chooses_the_same_for_one_person_each_time_and_another_holds_out_others()
    {
        var people = Enumerable.Range(0, 300).Select(_ => Guid.CreateVersion7()).ToList();
        var pools = PoolsOf(Enumerable.Repeat(Habit(19), 100));
        ChosenHour[] All(Guid campaign) => [.. people.Select(id => new HourChooser(campaign, new BestTimeRule(10, 50, 50), pools, Today).Choose(id, "DE", "mail.example", [], ByDay))];
        All(Campaign).ShouldBe(All(Campaign));
        All(Campaign).Zip(All(Guid.CreateVersion7())).Count(two => two.First.Arm != two.Second.Arm).ShouldBeInRange(75, 225);
    }

    [Fact]
    public void Whatever_is_known_the_hour_is_one_of_the_choices() =>
        Gen.Select(ReadingTests.Any.Array[0, 40], Gen.Int[0, 23].HashSet[1, 24], Gen.Int[0, 23], Gen.Bool).Sample((readings, hours, fixedHour, knows) =>
        {
            var codes = Array.ConvertAll(readings, reading => reading.Code);
            var pools = new ReadingPools(Today, []);
            if (knows)
                pools.Add("DE", "mail.example", codes);
            HourChoice[] choices = [.. hours.Select(hour => new HourChoice(hour, Today))];
            var chosen = new HourChooser(Campaign, new BestTimeRule(fixedHour, 30, 30), pools, Today).Choose(Guid.CreateVersion7(), "DE", "mail.example", codes, choices);
            return hours.Contains(chosen.Hour) && hours.Contains(chosen.Grounds.First) && chosen.Grounds.OwnPercent is >= 0 and <= 100;
        });

    [Fact]
    public void Where_the_fixed_hour_is_not_possible_the_next_one_that_is_stands_for_it()
    {
        HourChoice[] choices = [new(8, Today + 1), new(20, Today), new(21, Today)];
        new HourChooser(Campaign, new BestTimeRule(10, 50, 0), new ReadingPools(Today, []), Today).Choose(Guid.CreateVersion7(), null, "mail.example", [], choices).Hour.ShouldBe(20);
    }

    private static ChosenHour Choose(ReadingPools pools, int[] own) =>
        new HourChooser(Campaign, NoChance, pools, Today).Choose(Guid.CreateVersion7(), "DE", "mail.example", own, ByDay);

    private static ReadingPools PoolsOf(IEnumerable<int[]> people)
    {
        var pools = new ReadingPools(Today, []);
        foreach (var codes in people)
            pools.Add("DE", "mail.example", codes);
        return pools;
    }

    /// <summary>Ten messages at 07:00, half of which were read at this hour of that day.</summary>
    private static int[] Habit(int hour) =>
        [.. Enumerable.Range(1, 10).Select(n => new Reading(Today - 7 * n, 7, n % 2 == 0 ? hour - 7 : null, false).Code).Order()];
}
