namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>
/// How likely people read a message that has just come, hour by hour, apart for workdays and weekends. Little evidence
/// stays close to what is known of more people: each hour has a gamma distribution, whose prior has the shape of theirs
/// and the level of these.
/// </summary>
public sealed class HourRates
{
    /// <summary>What the other kind of day says of this one, in parts of what it says of its own.</summary>
    private const double OtherKindCounts = 0.4;

    /// <summary>Readings that the level of one's own is shrunk by.</summary>
    internal const double LevelReadings = 2;

    private const double Beside = 0.05; // habits aren't kept to the minute: a twentieth of an hour's evidence goes to each hour beside it

    private readonly double[] _shape = new double[HourEvidence.Kinds * HourEvidence.Hours];
    private readonly double[] _rate = new double[HourEvidence.Kinds * HourEvidence.Hours];

    /// <summary>What is known before anything is: every hour alike.</summary>
    public static HourRates Flat { get; } = Alike();

    /// <summary>The expected chance at each hour: workdays, then weekends.</summary>
    internal double Mean(int at) => _shape[at] / _rate[at];

    /// <summary>What this evidence makes of a prior.</summary>
    /// <param name="evidence">What was seen.</param>
    /// <param name="prior">More people.</param>
    /// <param name="strength">How many messages, lying there at an hour, the prior is worth.</param>
    public static HourRates Of(HourEvidence evidence, HourRates prior, double strength)
    {
        var rates = new HourRates();
        var level = Level(evidence, prior);
        for (var at = 0; at < rates._shape.Length; at++)
        {
            rates._shape[at] = Around(evidence.Read, at) + strength * level * prior.Mean(at);
            rates._rate[at] = Around(evidence.Lain, at) + strength;
        }
        return rates;
    }

    /// <summary>How much more, or less, is read here than by those like them.</summary>
    internal static double Level(HourEvidence evidence, HourRates prior)
    {
        double read = LevelReadings, expected = LevelReadings;
        for (var at = 0; at < evidence.Read.Length; at++)
        {
            read += evidence.Read[at];
            expected += evidence.Lain[at] * prior.Mean(at);
        }
        return read / expected;
    }

    /// <summary>Evidence of an hour, with a part of that beside it and of the other kind of day.</summary>
    internal static double Around(ReadOnlySpan<double> evidence, int at)
    {
        var (hour, kind) = (at % HourEvidence.Hours, at / HourEvidence.Hours);
        return Smooth(evidence[(kind * HourEvidence.Hours)..], hour) + OtherKindCounts * Smooth(evidence[((1 - kind) * HourEvidence.Hours)..], hour);
    }

    private static double Smooth(ReadOnlySpan<double> day, int hour) =>
        (1 - 2 * Beside) * day[hour] + Beside * (day[hour == 0 ? 23 : hour - 1] + day[hour == 23 ? 0 : hour + 1]);

    private static HourRates Alike()
    {
        var rates = new HourRates();
        Array.Fill(rates._shape, 0.03);
        Array.Fill(rates._rate, 1);
        return rates;
    }
}
