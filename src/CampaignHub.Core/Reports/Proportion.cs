namespace CampaignHub.Core.Reports;

/// <summary>A part of a whole that was counted, such as refusals among attempts.</summary>
/// <param name="Part">0 to <paramref name="Whole"/>.</param>
/// <param name="Whole">0 or more.</param>
public readonly record struct Proportion(long Part, long Whole)
{
    private const double Z99 = 2.5758293035489004; // standard deviations around which 99 % of a normal distribution lie
    private const double Z95 = 1.959963984540054; // and 95 %

    /// <summary>Part ÷ whole; 0 of nothing.</summary>
    public double Share => Whole == 0 ? 0 : (double)Part / Whole;

    /// <summary>
    /// The upper end of the 99 % Wilson score interval: the true share may well be as high as this, and hardly higher.
    /// Above 0 even where nothing was counted in the part; 1 where nothing was counted at all.
    /// </summary>
    public double WilsonUpper()
    {
        if (Whole == 0)
            return 1;
        return Wilson(Z99).To;
    }

    /// <summary>The 95 % Wilson score interval; 0 to 1 of nothing.</summary>
    public (double From, double To) Wilson95() => Whole == 0 ? (0, 1) : Wilson(Z95);

    private (double From, double To) Wilson(double z)
    {
        var z2 = z * z;
        var middle = Share + z2 / (2 * Whole);
        var reach = z * Math.Sqrt(Share * (1 - Share) / Whole + z2 / (4.0 * Whole * Whole));
        return (Math.Max(0, (middle - reach) / (1 + z2 / Whole)), Math.Min(1, (middle + reach) / (1 + z2 / Whole)));
    }
}
