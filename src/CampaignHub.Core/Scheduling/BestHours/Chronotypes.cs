namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>
/// The types of people that a tenant has, by when they read: a day for each, and how many are of it. At first there is one for each
/// hour of the day, at which those of it mostly read, and one of people who have no hour of their own; people's readings then say
/// what the days truly are like, and how common. A few readings seldom tell an hour, but often a type, and with it a whole day.
/// </summary>
/// <remarks>A mixture, learned by expectation and maximisation (Dempster, Laird and Rubin, 1977). Everybody's own level of reading has a
/// gamma distribution around 1. Same people in the same order, same types.</remarks>
internal sealed class Chronotypes
{
    internal const int Count = HourEvidence.Hours + 1;

    private const int Rounds = 10;

    /// <summary>How many messages, lying there at an hour, what a type's day is at first is worth.</summary>
    private const double DayStrength = 20;

    /// <summary>How many people each type is taken to have besides those who are there.</summary>
    private const double ShareStrength = 5;

    /// <summary>How many readings the mix of all is worth beside those of a country, or of a mail domain.</summary>
    private const double MixStrength = 30;

    /// <summary>How much of their reading people with an hour of their own are at first taken to do around it.</summary>
    private const double AroundTheHour = 0.6;

    private readonly double[][] _days = new double[Count][];
    private readonly double[][] _logs = new double[Count][];

    /// <summary>Learns them.</summary>
    /// <param name="tenant">When all together read.</param>
    /// <param name="people">Each one's readings.</param>
    internal Chronotypes(HourRates tenant, IReadOnlyList<HourEvidence> people)
    {
        var first = Enumerable.Range(0, Count).Select(type => FirstDay(tenant, type)).ToArray();
        for (var type = 0; type < Count; type++)
            (_days[type], _logs[type]) = ([.. first[type]], Array.ConvertAll(first[type], Math.Log));
        Array.Fill(Shares, 1.0 / Count);
        for (var round = 0; round < Rounds; round++)
            Improve(first, people);
    }

    /// <summary>How many are of each type: together 1.</summary>
    internal double[] Shares { get; } = new double[Count];

    /// <summary>How likely those of a type read at each hour: workdays, then weekends.</summary>
    internal ReadOnlySpan<double> Day(int type) => _days[type];

    /// <summary>How likely it is that somebody is of each type, and their own level of reading if they are.</summary>
    /// <param name="own">What was seen of them.</param>
    /// <param name="shares">How common each type is among those like them.</param>
    /// <param name="chances">Becomes the chances: together 1.</param>
    /// <param name="levels">Becomes the levels.</param>
    internal void Judge(HourEvidence own, ReadOnlySpan<double> shares, Span<double> chances, Span<double> levels)
    {
        double read = HourRates.LevelReadings, highest = double.NegativeInfinity, sum = 0;
        foreach (var often in own.Read)
            read += often;
        for (var type = 0; type < Count; type++)
        {
            var expected = HourRates.LevelReadings + Bins.Dot(_days[type], own.Lain);
            levels[type] = read / expected;
            chances[type] = Math.Log(shares[type]) + Bins.Dot(_logs[type], own.Read) - read * Math.Log(expected);
            highest = Math.Max(highest, chances[type]);
        }
        for (var type = 0; type < Count; type++)
            sum += chances[type] = Math.Exp(chances[type] - highest);
        for (var type = 0; type < Count; type++)
            chances[type] /= sum;
    }

    /// <summary>The mix of types that best explains what many together read, shrunk to that of more people.</summary>
    internal double[] MixOf(HourEvidence pool, double[] wider)
    {
        double[] mix = [.. wider];
        var next = new double[Count];
        for (var round = 0; round < Rounds; round++)
        {
            for (var type = 0; type < Count; type++)
                next[type] = MixStrength * wider[type];
            for (var at = 0; at < Bins.Count; at++)
            {
                double expected = 0;
                for (var type = 0; type < Count; type++)
                    expected += mix[type] * _days[type][at];
                for (var type = 0; type < Count; type++)
                    next[type] += pool.Read[at] * mix[type] * _days[type][at] / expected;
            }
            for (var type = 0; type < Count; type++)
                mix[type] = next[type] / (MixStrength + Bins.Dot(_days[type], pool.Lain)); // what lay there would have shown so much of it
        }
        var sum = mix.Sum();
        return Array.ConvertAll(mix, share => share / sum);
    }

    /// <summary>Says of each person of which type they are by the days so far, then what the days are like by who is of them.</summary>
    private void Improve(double[][] first, IReadOnlyList<HourEvidence> people)
    {
        var (read, lain) = (new double[Count * Bins.Count], new double[Count * Bins.Count]);
        Span<double> chances = stackalloc double[Count], levels = stackalloc double[Count], many = stackalloc double[Count];
        foreach (var person in people)
        {
            Judge(person, Shares, chances, levels);
            for (var type = 0; type < Count; type++)
            {
                many[type] += chances[type];
                Bins.Add(read.AsSpan(type * Bins.Count), person.Read, chances[type]);
                Bins.Add(lain.AsSpan(type * Bins.Count), person.Lain, chances[type] * levels[type]);
            }
        }
        for (var type = 0; type < Count; type++)
        {
            Shares[type] = (many[type] + ShareStrength) / (people.Count + ShareStrength * Count);
            for (var at = 0; at < Bins.Count; at++)
            {
                _days[type][at] = (read[type * Bins.Count + at] + DayStrength * first[type][at]) / (lain[type * Bins.Count + at] + DayStrength);
                _logs[type][at] = Math.Log(_days[type][at]);
            }
        }
    }

    private static double[] FirstDay(HourRates tenant, int type)
    {
        var day = new double[Bins.Count];
        for (var kind = 0; kind < Bins.Count; kind += HourEvidence.Hours)
        {
            double all = 0;
            for (var hour = 0; hour < HourEvidence.Hours; hour++)
                all += tenant.Mean(kind + hour);
            for (var hour = 0; hour < HourEvidence.Hours; hour++)
            {
                day[kind + hour] = type == HourEvidence.Hours
                    ? tenant.Mean(kind + hour)
                    : (1 - AroundTheHour) * tenant.Mean(kind + hour) + AroundTheHour * all * Bell(Math.Abs(hour - type));
            }
        }
        return day;
    }

    /// <summary>The normal distribution around an hour with a deviation of one, around the clock.</summary>
    private static double Bell(int away) => Math.Exp(-Math.Pow(Math.Min(away, HourEvidence.Hours - away), 2) / 2) / Math.Sqrt(2 * Math.PI);
}
