namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>An hour at which a campaign can be sent in some zone.</summary>
/// <param name="Hour">0 to 23, by the clock there.</param>
/// <param name="Day">The day there, as <see cref="Reading.Day"/> counts them.</param>
public readonly record struct HourChoice(int Hour, int Day);

/// <summary>The hour that was chosen for a person, and what it rests on.</summary>
/// <param name="Hour">0 to 23, one of the choices.</param>
/// <param name="Arm">How it was found.</param>
/// <param name="Grounds">The hours that are best for them, and how much of that is their own.</param>
public readonly record struct ChosenHour(int Hour, BestTimeArm Arm, HourGrounds Grounds);

/// <summary>
/// Chooses the hour with the highest chance that a person reads the message within a day. Some get the fixed hour, by chance,
/// and some an hour that is drawn as it may turn out to be (Thompson, 1933): the less an hour has been tried, the wider.
/// One chooser is used by one thread at a time.
/// </summary>
/// <param name="campaignId">Seeds all chance, together with the person.</param>
/// <param name="rule">The fixed hour, and the shares.</param>
/// <param name="pools">What is known of many.</param>
/// <param name="today">From when evidence fades.</param>
public sealed class HourChooser(Guid campaignId, BestTimeRule rule, ReadingPools pools, int today)
{
    private readonly HourEvidence _own = new();
    private readonly PersonRates _rates = new();
    private readonly double[] _chances = new double[HourEvidence.Kinds * HourEvidence.Hours];
    private readonly double[] _worth = new double[HourEvidence.Hours];

    /// <summary>Somebody's hour.</summary>
    /// <param name="recipientId">Who.</param>
    /// <param name="country">Their country, where known.</param>
    /// <param name="mailDomain">The domain of their address.</param>
    /// <param name="codes">Their readings, as <see cref="Reading.Code"/> gives them.</param>
    /// <param name="choices">The hours that are possible in their zone: one at least, each once.</param>
    public ChosenHour Choose(Guid recipientId, string? country, string mailDomain, ReadOnlySpan<int> codes, ReadOnlySpan<HourChoice> choices)
    {
        var draws = new SeededDraws(campaignId, recipientId);
        _own.Clear();
        foreach (var code in codes)
            _own.Add(Reading.FromCode(code), today);
        _rates.Become(_own, pools.PriorOf(country, mailDomain), pools.Types);
        _rates.Weigh(pools.Trust);
        for (var at = 0; at < _chances.Length; at++)
            _chances[at] = _rates.Mean(at);
        var best = Best(choices);
        var grounds = Grounds(choices);
        var lot = draws.Next() * 100;
        if (lot < rule.HoldoutPercent)
            return new ChosenHour(Nearest(choices, rule.FixedHour), BestTimeArm.Holdout, grounds);
        if (lot >= rule.HoldoutPercent + rule.ExplorePercent)
            return new ChosenHour(best, BestTimeArm.Learned, grounds);
        _rates.Draw(ref draws, pools.Trust, pools.Types, _chances);
        return new ChosenHour(Best(choices), BestTimeArm.Explored, grounds);
    }

    /// <summary>The choice whose hour comes soonest after this one, itself first: what the fixed hour is where it isn't possible.</summary>
    internal static int Nearest(ReadOnlySpan<HourChoice> choices, int hour)
    {
        var nearest = choices[0].Hour;
        foreach (var choice in choices)
        {
            if (Ahead(choice.Hour) < Ahead(nearest))
                nearest = choice.Hour;
        }
        return nearest;

        int Ahead(int at) => (at - hour + HourEvidence.Hours) % HourEvidence.Hours;
    }

    // Of hours that are worth the same the fixed one is taken, or the first after it: nothing known changes nothing.
    private int Best(ReadOnlySpan<HourChoice> choices)
    {
        Array.Clear(_worth);
        foreach (var choice in choices)
            _worth[choice.Hour] = Worth(choice);
        var best = Nearest(choices, rule.FixedHour);
        for (var step = 0; step < HourEvidence.Hours; step++)
        {
            var hour = (rule.FixedHour + step) % HourEvidence.Hours;
            if (_worth[hour] > _worth[best] * (1 + 1e-9))
                best = hour;
        }
        return best;
    }

    /// <summary>The expected chance that a message of this hour is read within a day.</summary>
    private double Worth(HourChoice choice)
    {
        double expected = 0;
        for (var age = 0; age < Attention.Hours; age++)
        {
            var hour = choice.Hour + age;
            expected += _chances[Kind(choice.Day + hour / HourEvidence.Hours) + hour % HourEvidence.Hours] * Attention.ByAge[age];
        }
        return 1 - Math.Exp(-expected);
    }

    private int OwnPercent(ReadOnlySpan<HourChoice> choices, int hour)
    {
        foreach (var choice in choices)
        {
            if (choice.Hour == hour)
                return _rates.OwnPercent(Kind(choice.Day) + hour, pools.Trust);
        }
        return 0;
    }

    private static int Kind(int day) => HourEvidence.IsWeekend(day) ? HourEvidence.Hours : 0;

    private HourGrounds Grounds(ReadOnlySpan<HourChoice> choices)
    {
        int first = -1, second = -1, third = -1;
        foreach (var choice in choices)
        {
            var hour = choice.Hour;
            if (first < 0 || _worth[hour] > _worth[first])
                (first, second, third) = (hour, first, second);
            else if (second < 0 || _worth[hour] > _worth[second])
                (second, third) = (hour, second);
            else if (third < 0 || _worth[hour] > _worth[third])
                third = hour;
        }
        return new HourGrounds(first, second < 0 ? null : second, third < 0 ? null : third, OwnPercent(choices, first));
    }
}
