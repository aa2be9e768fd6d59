using CampaignHub.Server.Demo.Checking;

namespace CampaignHub.Server.Tests.Demo.Checking;

public sealed class CheckTests
{
    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void Numbers_have_to_be_equal(long actual, bool holds) => Check.Equal("Three", 3, actual).Holds.ShouldBe(holds);

    [Fact]
    public void Nothing_is_as_it_has_to_be() => Check.None("Nobody", []).Holds.ShouldBeTrue();

    [Fact]
    public void Exceptions_are_counted_and_the_first_are_named()
    {
        var check = Check.None("Nobody", ["ann", "ben", "cho", "dan"]);
        check.Holds.ShouldBeFalse();
        check.Actual.ShouldBe("4: ann, ben, cho, …");
    }
}
