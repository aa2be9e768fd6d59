using CampaignHub.Core.Reports;
using CsCheck;

namespace CampaignHub.Core.Tests.Reports;

public sealed class DelayScaleTests
{
    [Fact]
    public void A_delay_lies_within_its_bucket() =>
        Gen.Double[0, 100 * 86_400].Sample(seconds =>
        {
            var bucket = DelayScale.BucketOf(seconds);
            return (bucket == 0 || DelayScale.Bounds[bucket - 1] <= seconds)
                && (bucket == DelayScale.Bounds.Count || seconds < DelayScale.Bounds[bucket]);
        });

    [Fact]
    public void What_came_before_the_message_counts_as_at_once() => DelayScale.BucketOf(-5).ShouldBe(0);

    [Fact]
    public void A_quantile_is_off_by_a_tenth_at_the_most_or_a_second() =>
        Gen.Select(Gen.Double[0, 1_000_000].Array[1, 200], Gen.Double[0.01, 1]).Sample((delays, share) =>
        {
            var buckets = delays.GroupBy(DelayScale.BucketOf).ToDictionary(b => b.Key, b => b.LongCount());
            var exact = delays.Order().ElementAt((int)Math.Ceiling(delays.Length * share - 1e-9) - 1);
            return Math.Abs(DelayScale.Quantile(buckets, share)!.Value - exact) <= Math.Max(1, exact * 0.1);
        });

    [Fact]
    public void Nothing_has_no_quantile() => DelayScale.Quantile(new Dictionary<int, long>(), 0.5).ShouldBeNull();
}
