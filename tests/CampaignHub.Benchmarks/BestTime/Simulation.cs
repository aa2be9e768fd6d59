using System.Runtime.InteropServices;
using CampaignHub.Core.Reports;
using CampaignHub.Core.Scheduling.BestHours;

namespace CampaignHub.Benchmarks.BestTime;

/// <summary>A tenant with invented people who sends them one campaign after another, each at what is then the best hour of each.</summary>
internal static class Simulation
{
    public const int Campaigns = 20;
    private const int FixedHour = 10;
    private const double ShareThatShifts = 0.2;
    private const int DaysBetween = 4; // a whole number of them goes around the week: workdays and weekends
    private static readonly int s_firstDay = HourEvidence.DayNumber(new NodaTime.LocalDate(2026, 1, 5));

    public static CampaignResult[] Run(int people, Habits habits, int seed)
    {
        var random = new Random(seed);
        SimulatedPerson[] everybody = [.. Enumerable.Range(0, people).Select(_ => SimulatedPerson.Invent(random, habits))];
        var results = new CampaignResult[Campaigns];
        var informed = new InformedChooser(habits, [.. Enumerable.Range(7, 15)]);
        for (var campaign = 0; campaign < Campaigns; campaign++)
        {
            if (campaign == Campaigns / 2)
            {
                foreach (var person in everybody.Where(_ => random.NextDouble() < ShareThatShifts))
                    person.TakeUp(random, habits);
                foreach (var person in everybody)
                    informed.Shift(person, ShareThatShifts);
            }
            results[campaign] = Send(everybody, s_firstDay + campaign * DaysBetween, random, informed);
        }
        return results;
    }

    private static CampaignResult Send(SimulatedPerson[] everybody, int day, Random random, InformedChooser informed)
    {
        var choices = Enumerable.Range(7, 15).Select(hour => new HourChoice(hour, day)).ToArray(); // 07:00 to 22:00
        var pools = new ReadingPools(day, everybody.Select(p => ((string?)p.Country, p.MailDomain)).Distinct());
        foreach (var person in everybody)
            pools.Add(person.Country, person.MailDomain, CollectionsMarshal.AsSpan(person.Readings));
        var chooser = new HourChooser(SimulatedPerson.NewId(random), new BestTimeRule(FixedHour), pools, day);
        var byHour = new double[24];
        var result = new CampaignResult();
        var (treated, treatedRead, heldOut, heldOutRead) = (0L, 0L, 0L, 0L);
        foreach (var person in everybody)
        {
            var chosen = chooser.Choose(person.Id, person.Country, person.MailDomain, CollectionsMarshal.AsSpan(person.Readings), choices);
            if (chosen.Arm != BestTimeArm.Holdout)
            {
                result.Ours += person.Chance(chosen.Hour, day);
                result.Informed += person.Chance(chosen.Arm == BestTimeArm.Learned ? informed.Choose(person, day) : chosen.Hour, day);
                result.Fixed += person.Chance(FixedHour, day);
                result.Best += choices.Max(choice => person.Chance(choice.Hour, day));
                foreach (var choice in choices)
                    byHour[choice.Hour] += person.Chance(choice.Hour, day);
            }
            var (seen, isRead) = person.Get(random, chosen.Hour, day);
            if (person.Readings.Count == Reading.MostKept)
                person.Readings.RemoveAt(0);
            person.Readings.Add(seen.Code);
            informed.Learn(person, seen);
            if (chosen.Arm == BestTimeArm.Holdout)
                (heldOut, heldOutRead) = (heldOut + 1, heldOutRead + (isRead ? 1 : 0));
            else
                (treated, treatedRead) = (treated + 1, treatedRead + (isRead ? 1 : 0));
        }
        result.Ours /= treated;
        result.Fixed /= treated;
        result.Informed /= treated;
        result.Best /= treated;
        result.OneHour = byHour.Max() / treated;
        var (from, to) = new ProportionGain(new(treatedRead, treated), new(heldOutRead, heldOut)).Interval();
        result.IsCovered = from <= result.Ours - result.Fixed && result.Ours - result.Fixed <= to;
        return result;
    }
}

/// <summary>The share of people who read one campaign within a day, by how its hour was chosen; without those held out.</summary>
internal sealed class CampaignResult
{
    /// <summary>At 10:00.</summary>
    public double Fixed { get; set; }

    /// <summary>At the one hour that is best for all together, which nobody knows.</summary>
    public double OneHour { get; set; }

    /// <summary>At the hours that were chosen.</summary>
    public double Ours { get; set; }

    /// <summary>At the hours that <see cref="InformedChooser"/> would have chosen, those aside that explore.</summary>
    public double Informed { get; set; }

    /// <summary>At everybody's own best hour, which nobody knows.</summary>
    public double Best { get; set; }

    /// <summary>Whether the report's interval holds the true difference.</summary>
    public bool IsCovered { get; set; }
}
