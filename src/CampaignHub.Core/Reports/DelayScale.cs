namespace CampaignHub.Core.Reports;

/// <summary>
/// The buckets in which the time from a message to its first open or click is counted: a second at first, each wider than
/// the one before by an eighth of a doubling (9 %), up to 97 days. So far off a quantile may be, however many there are.
/// </summary>
public static class DelayScale
{
    private const int BucketsEachDoubling = 8;
    private const int Doublings = 23;

    /// <summary>Where buckets 1, 2, … begin, in seconds, ascending. Bucket 0 is what came within the first second.</summary>
    public static IReadOnlyList<double> Bounds { get; } =
        [.. Enumerable.Range(0, (BucketsEachDoubling * Doublings) + 1).Select(n => Math.Round(Math.Pow(2, (double)n / BucketsEachDoubling), 6))];

    /// <summary>The bucket of a delay: how many bounds it has reached.</summary>
    public static int BucketOf(double seconds)
    {
        var (low, high) = (0, Bounds.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Bounds[middle] <= seconds)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// <summary>The delay, in seconds, within which this share of all lie; within a bucket they are taken to be spread evenly. Null where there is none.</summary>
    /// <param name="buckets">How many lie in which bucket.</param>
    /// <param name="share">Above 0, up to 1.</param>
    public static double? Quantile(IReadOnlyDictionary<int, long> buckets, double share)
    {
        var wanted = buckets.Values.Sum() * share;
        if (wanted <= 0)
            return null;
        double passed = 0;
        foreach (var (bucket, count) in buckets.Where(b => b.Value > 0).OrderBy(b => b.Key))
        {
            if (passed + count >= wanted)
                return Begin(bucket) + ((Begin(bucket + 1) - Begin(bucket)) * (wanted - passed) / count);
            passed += count;
        }
        return Bounds[^1];
    }

    /// <summary>Whatever lies beyond the scale counts as its end.</summary>
    private static double Begin(int bucket) => bucket == 0 ? 0 : Bounds[Math.Min(bucket, Bounds.Count) - 1];
}
