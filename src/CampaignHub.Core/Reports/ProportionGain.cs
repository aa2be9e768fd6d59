namespace CampaignHub.Core.Reports;

/// <summary>How much more often something happens in one of two groups that chance made: what was seen, and what it may well be.</summary>
/// <remarks>
/// The interval is Newcombe's of 1998 (method 10): it combines both groups' Wilson intervals, stays within −1 and 1, and holds
/// for small groups and small shares, too.
/// </remarks>
/// <param name="Treated">The group that something was done for.</param>
/// <param name="HeldOut">The group that it was not.</param>
public readonly record struct ProportionGain(Proportion Treated, Proportion HeldOut)
{
    /// <summary>The difference of the shares, −1 to 1.</summary>
    public double Difference => Treated.Share - HeldOut.Share;

    /// <summary>The 95 % interval of the difference; −1 to 1 where a group is empty.</summary>
    public (double From, double To) Interval()
    {
        if (Treated.Whole == 0 || HeldOut.Whole == 0)
            return (-1, 1);
        var (treated, heldOut) = (Treated.Wilson95(), HeldOut.Wilson95());
        // Rounding alone may carry an end past the border, where one group always did it and the other never.
        return (Math.Max(-1, Difference - Distance(Treated.Share - treated.From, heldOut.To - HeldOut.Share)),
            Math.Min(1, Difference + Distance(treated.To - Treated.Share, HeldOut.Share - heldOut.From)));
    }

    /// <summary>Whether the interval leaves no doubt on which side of zero the difference lies.</summary>
    public bool IsKnown => Interval() is var (from, to) && (from > 0 || to < 0);

    private static double Distance(double a, double b) => Math.Sqrt(a * a + b * b);
}
