using CampaignHub.Core.Reports;
using CsCheck;

namespace CampaignHub.Core.Tests.Reports;

public sealed class AnomalyRuleTests
{
    private static readonly Gen<Proportion> Proportions =
        Gen.Select(Gen.Long[0, 10_000], Gen.Long[1, 10_000]).Select((part, whole) => new Proportion(Math.Min(part, whole), whole));

    [Theory]
    [InlineData(0, 100, 0.0622)]
    [InlineData(10, 100, 0.2038)]
    [InlineData(100, 100, 1)]
    [InlineData(0, 0, 1)]
    public void The_Wilson_bound_is_the_textbooks(long part, long whole, double bound) =>
        new Proportion(part, whole).WilsonUpper().ShouldBe(bound, 0.00005);

    [Fact]
    public void The_Wilson_bound_lies_above_the_share_and_comes_nearer_with_more_of_the_same() => Proportions.Sample(p =>
        p.WilsonUpper() is var bound && bound <= 1 && (bound > p.Share || p.Share == 1)
        && new Proportion(p.Part * 10, p.Whole * 10).WilsonUpper() <= bound + 1e-12);

    [Fact]
    public void Beyond_the_bound_an_hour_comes_by_chance_no_oftener_than_allowed() =>
        Gen.Select(Proportions, Gen.Int[100, 3_000], Gen.Int[1, 500]).Sample((usual, messages, pairs) =>
        {
            var bound = new AnomalyRule(pairs).Bound(usual, messages);
            return ChanceOfMoreThan(bound, messages, usual.WilsonUpper()) <= 0.01 / (pairs * 28 * 24 * 3);
        });

    [Fact]
    public void The_bound_never_lies_below_Wilsons_and_rises_with_pairs_and_falls_with_messages() =>
        Gen.Select(Proportions, Gen.Long[100, 100_000], Gen.Int[1, 1_000]).Sample((usual, messages, pairs) =>
        {
            var bound = new AnomalyRule(pairs).Bound(usual, messages);
            return bound >= usual.WilsonUpper()
                && new AnomalyRule(pairs * 2).Bound(usual, messages) >= bound - 1e-8
                && new AnomalyRule(pairs).Bound(usual, messages * 2) <= bound + 1e-8;
        });

    [Fact]
    public void A_fifth_rejected_where_a_hundredth_was_stands_out_among_a_thousand_pairs() =>
        new AnomalyRule(1_000).StandsOut(new Proportion(40, 200), new Proportion(1_300, 130_000), out _).ShouldBeTrue();

    [Fact]
    public void Fewer_than_a_hundred_messages_never_stand_out()
    {
        var rule = new AnomalyRule(1);
        rule.StandsOut(new Proportion(99, 99), new Proportion(0, 1_000_000), out _).ShouldBeFalse();
        rule.StandsOut(new Proportion(1_000_000, 1_000_000), new Proportion(0, 99), out _).ShouldBeFalse();
        rule.StandsOut(new Proportion(100, 100), new Proportion(0, 1_000_000), out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Twenty_eight_quiet_days_raise_at_most_one(int seed)
    {
        var random = new Random(seed);
        var rule = new AnomalyRule(20);
        var raised = 0;
        for (var pair = 0; pair < 20; pair++)
        {
            var (usual, chance) = (new Proportion(0, 0), 0.002 * (1 + pair * pair)); // 0.2 % to 72 %
            for (var hour = 0; hour < 28 * 24; hour++)
            {
                var now = Draw(random, random.Next(50, 400), chance);
                raised += rule.StandsOut(now, usual, out _) ? 1 : 0;
                usual = new Proportion(usual.Part + now.Part, usual.Whole + now.Whole);
            }
        }
        raised.ShouldBeLessThanOrEqualTo(1);
    }

    private static Proportion Draw(Random random, int messages, double chance) =>
        new(Enumerable.Range(0, messages).Count(_ => random.NextDouble() < chance), messages);

    /// <summary>The binomial distribution's tail, summed term by term.</summary>
    private static double ChanceOfMoreThan(double share, int messages, double p)
    {
        var (chance, logCombinations) = (0.0, 0.0);
        for (var k = 0; k <= messages; k++)
        {
            if (k > share * messages)
                chance += Math.Exp(logCombinations + k * Math.Log(p) + (k == messages ? 0 : (messages - k) * Math.Log(1 - p)));
            logCombinations += Math.Log(messages - k) - Math.Log(k + 1);
        }
        return chance;
    }
}
