using CampaignHub.Core.Inbound;
using CampaignHub.Core.Reports;
using CsCheck;

namespace CampaignHub.Core.Tests.Inbound;

public sealed class ComplaintRateTests
{
    [Theory]
    [InlineData(0, 0, ComplaintVerdict.Fine)]
    [InlineData(1, 1, ComplaintVerdict.Fine)]
    [InlineData(2, 2_000, ComplaintVerdict.Fine)]
    [InlineData(2, 1_999, ComplaintVerdict.Alarm)]
    [InlineData(3, 1_000, ComplaintVerdict.Alarm)]
    [InlineData(3, 999, ComplaintVerdict.Pause)]
    [InlineData(2, 0, ComplaintVerdict.Pause)]
    public void A_rate_is_judged_by_what_lies_over_its_thresholds(long complaints, long accepted, ComplaintVerdict expected) =>
        ComplaintRate.Judge(new Proportion(complaints, accepted)).ShouldBe(expected);

    [Fact]
    public void More_accepted_never_makes_it_worse_so_that_an_old_count_may_be_asked_first() =>
        Gen.Select(Gen.Long[0, 1_000], Gen.Long[0, 1_000_000], Gen.Long[0, 1_000_000]).Sample((complaints, accepted, more) =>
            ComplaintRate.Judge(new Proportion(complaints, accepted + more)) <= ComplaintRate.Judge(new Proportion(complaints, accepted)));
}
