using CampaignHub.Server.Demo;
using CampaignHub.Server.Demo.Readers;

namespace CampaignHub.Server.Tests.Demo.Readers;

public sealed class ReaderTests
{
    private static readonly List<Reader> Everybody = [.. Shipped.WhoConsented().Select(Reader.Of)];

    [Fact]
    public void A_reader_has_the_same_habits_at_each_run() =>
        Everybody.ShouldBe(Everybody.Select(reader => Reader.Of(reader.Address)));

    [Fact]
    public void Habits_have_their_shares()
    {
        Share(reader => reader.Reads).ShouldBeInRange(0.35, 0.45);
        Share(reader => reader.Clicks).ShouldBeInRange(0.07, 0.13);
        Share(reader => reader.Unsubscribes).ShouldBeInRange(0.002, 0.02);
        Share(reader => reader.Program == MailProgram.ApplePrivacy).ShouldBeInRange(0.2, 0.3);
    }

    [Fact]
    public void Who_does_not_read_does_nothing() =>
        Everybody.Where(reader => !reader.Reads).ShouldAllBe(reader => !reader.Clicks && !reader.Unsubscribes && !reader.ComesBack);

    [Theory]
    [InlineData("ann@shop.example", true)]
    [InlineData("ann@TEAM.Office.example", true)]
    [InlineData("ann@other-shop.example", false)]
    [InlineData("ann@shop.example.com", false)]
    public void Two_domains_have_gateways(string address, bool isScanned) => (Reader.Of(address).Gateway is not null).ShouldBe(isScanned);

    private static double Share(Func<Reader, bool> habit) => Everybody.Count(habit) / (double)Everybody.Count;
}
