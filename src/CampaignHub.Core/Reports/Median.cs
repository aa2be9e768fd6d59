namespace CampaignHub.Core.Reports;

/// <summary>The middle of several values.</summary>
public static class Median
{
    /// <summary>The median to 4 decimals, of an even number the mean of the two in the middle; null of none.</summary>
    public static decimal? Of(IEnumerable<decimal?> values)
    {
        decimal[] known = [.. values.OfType<decimal>().Order()];
        if (known.Length == 0)
            return null;
        var middle = known.Length / 2;
        var median = known.Length % 2 == 1 ? known[middle] : (known[middle - 1] + known[middle]) / 2;
        return Math.Round(median, 4, MidpointRounding.AwayFromZero);
    }
}
