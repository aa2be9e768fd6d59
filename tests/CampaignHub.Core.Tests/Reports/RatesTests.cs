using CampaignHub.Core.Reports;
using CampaignHub.Core.Tracking;
using CsCheck;

namespace CampaignHub.Core.Tests.Reports;

public sealed class RatesTests
{
    [Fact]
    public void Rates_are_unique_by_delivered_to_four_decimals()
    {
        var rates = Rates.Of(new CampaignCounts(Accepted: 4940, Bounced: 5, UniqueOpens: 2400, UniqueClicks: 504, Complaints: 0, Unsubscribes: 9, Replies: 3));
        rates.ShouldBe(new CampaignRates(ClickToOpen: 0.21m, Bounce: 0.001m, Complaint: 0m, Unsubscribe: 0.0018m, Reply: 0.0006m));
        Rates.Of(2400, 4935).ShouldBe(0.4863m);
    }

    [Fact]
    public void Nothing_delivered_has_no_rate() =>
        Rates.Of(new CampaignCounts(0, 0, 0, 0, 0, 0, 0)).ShouldBe(new CampaignRates(null, null, null, null, null));

    [Fact]
    public void All_bounced_has_a_bounce_rate_only() =>
        Rates.Of(new CampaignCounts(2, 2, 0, 0, 0, 0, 0)).ShouldBe(new CampaignRates(null, 1m, null, null, null));

    [Fact]
    public void A_rate_of_a_part_lies_between_0_and_1() =>
        Gen.Select(Gen.Long[0, 1_000_000_000], Gen.Long[1, 1_000_000_000]).Sample((a, b) => Rates.Of(Math.Min(a, b), b) is >= 0 and <= 1);

    [Fact]
    public void Each_view_holds_the_next_narrower()
    {
        foreach (var hitClass in Enum.GetValues<HitClass>())
        {
            HitView.All.Counts(hitClass).ShouldBeTrue();
            HitView.WithoutPrivacyProxies.Counts(hitClass).ShouldBe(hitClass != HitClass.PrivacyProxy);
            HitView.Human.Counts(hitClass).ShouldBe(hitClass == HitClass.Human);
        }
    }
}
