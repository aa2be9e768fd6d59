namespace CampaignHub.Core.Reports;

/// <summary>In which way the mail of a relay, domain and hour stands out.</summary>
public enum AnomalyKind
{
    /// <summary>Attempts that ended rejected.</summary>
    Rejected,

    /// <summary>Attempts that ended deferred.</summary>
    Deferred,

    /// <summary>Accepted messages for which it took long from the first attempt.</summary>
    Latency,
}

/// <summary>
/// Decides whether an hour's share stands out from the share of the 28 days before it.
/// </summary>
/// <remarks>
/// <para>
/// The share has to lie above the 99 % Wilson bound of the 28 days. That alone would not do: the bound is about what the
/// share really is, an hour of 150 messages strays around it by chance, and somebody who looks at 50 relays and domains
/// for 28 days looks 100,800 times.
/// </para>
/// <para>
/// So, taking that bound for the true share p, the hour's own chance is asked for: by Chernoff's inequality, n messages
/// show a share of q > p or more with a chance of exp(−n·KL(q‖p)) at the most, KL(q‖p) = q·ln(q/p) + (1−q)·ln((1−q)/(1−p)).
/// It must not be higher than 1 % divided by pairs of relay and domain × 672 hours × 3 kinds (Bonferroni). However many
/// pairs there are, and whether somebody looks once at 28 days or every hour at the last one: all the false alarms of 28
/// quiet days together have a chance of about 1 %. The inequality holds for every n and p, where a normal approximation
/// fails: far out, at small shares.
/// </para>
/// </remarks>
/// <param name="pairs">Pairs of relay and mail domain that are looked at.</param>
public sealed class AnomalyRule(int pairs)
{
    /// <summary>Messages that an hour, and the days before it, must have.</summary>
    public const long LeastMessages = 100;

    /// <summary>Hours with which an hour is compared: 28 days.</summary>
    public const int UsualHours = 28 * 24;

    private const double ChanceOfAnyFalseAlarm = 0.01;

    private readonly double _wanted = Math.Log((double)pairs * UsualHours * Enum.GetValues<AnomalyKind>().Length / ChanceOfAnyFalseAlarm);

    /// <summary>The share above which this many messages stand out from what is usual; 1 where so few never can.</summary>
    public double Bound(Proportion usual, long messages)
    {
        var usualAtMost = usual.WilsonUpper();
        if (messages * Divergence(1, usualAtMost) < _wanted)
            return 1;
        var (usualStill, standsOut) = (usualAtMost, 1.0);
        while (standsOut - usualStill > 1e-9) // The divergence rises from 0 at `usualAtMost`.
        {
            var between = (usualStill + standsOut) / 2;
            if (messages * Divergence(between, usualAtMost) < _wanted)
                usualStill = between;
            else
                standsOut = between;
        }
        return standsOut;
    }

    /// <summary>Whether the hour stands out, and above which share it would.</summary>
    public bool StandsOut(Proportion hour, Proportion usual, out double bound)
    {
        bound = 1;
        if (hour.Whole < LeastMessages || usual.Whole < LeastMessages || hour.Share <= usual.WilsonUpper())
            return false;
        bound = Bound(usual, hour.Whole);
        return hour.Share > bound;
    }

    /// <summary>Kullback and Leibler's divergence of a coin with share q from one with share p, in nats.</summary>
    private static double Divergence(double q, double p) => Term(q, p) + Term(1 - q, 1 - p);

    private static double Term(double q, double p) => q == 0 ? 0 : q * Math.Log(q / p);
}
