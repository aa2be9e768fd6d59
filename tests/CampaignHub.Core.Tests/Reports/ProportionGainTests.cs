using CampaignHub.Core.Reports;
using CsCheck;

namespace CampaignHub.Core.Tests.Reports;

public sealed class ProportionGainTests
{
    // The two comparisons that Newcombe's paper of 1998 works out, by its method 10.
    [Theory]
    [InlineData(56, 70, 48, 80, 0.0524, 0.3339)]
    [InlineData(9, 10, 3, 10, 0.1705, 0.8090)]
    public void The_interval_is_Newcombes(int treatedRead, int treated, int heldOutRead, int heldOut, double from, double to)
    {
        var interval = new ProportionGain(new(treatedRead, treated), new(heldOutRead, heldOut)).Interval();
        interval.From.ShouldBe(from, 0.0001);
        interval.To.ShouldBe(to, 0.0001);
    }

    [Fact]
    public void The_interval_holds_what_was_seen_and_stays_within_one() =>
        Gen.Select(Gen.Int[0, 300], Gen.Int[0, 300], Gen.Int[1, 300], Gen.Int[1, 300]).Sample((a, b, m, n) =>
        {
            var gain = new ProportionGain(new(Math.Min(a, m), m), new(Math.Min(b, n), n));
            var (from, to) = gain.Interval();
            return from >= -1 && to <= 1 && from <= gain.Difference + 1e-12 && gain.Difference <= to + 1e-12;
        });

    [Fact]
    public void The_interval_ends_at_the_border_where_one_group_always_did_it_and_the_other_never()
    {
        for (var size = 1; size <= 300; size++)
        {
            new ProportionGain(new(0, 59), new(size, size)).Interval().From.ShouldBe(-1);
            new ProportionGain(new(size, size), new(0, 59)).Interval().To.ShouldBe(1);
        }
    }

    [Fact]
    public void Nothing_is_known_while_a_group_is_empty_or_the_interval_holds_zero()
    {
        new ProportionGain(new(5, 10), new(0, 0)).IsKnown.ShouldBeFalse();
        new ProportionGain(new(30, 100), new(28, 100)).IsKnown.ShouldBeFalse();
        new ProportionGain(new(3_000, 10_000), new(200, 1_000)).IsKnown.ShouldBeTrue();
    }
}
