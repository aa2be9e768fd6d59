using CampaignHub.Core.Sending.Signing;

namespace CampaignHub.Core.Tests.Sending.Signing;

public sealed class DkimKeyTests
{
    [Fact]
    public void A_key_prints_where_it_belongs_and_not_itself() =>
        new DkimKey("shop.example", "ch1r", DkimAlgorithm.RsaSha256, [1, 2, 3]).ToString().ShouldBe("ch1r._domainkey.shop.example (RsaSha256)");
}
