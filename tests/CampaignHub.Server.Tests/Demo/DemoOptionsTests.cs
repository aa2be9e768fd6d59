using CampaignHub.Server.Demo;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Tests.Demo;

public sealed class DemoOptionsTests
{
    [Fact]
    public void Nothing_need_be_said() => DemoOptions.Parse([]).ShouldSatisfyAllConditions(o => o.Stay.ShouldBeFalse(), o => o.ServiceSettings.ShouldBeEmpty());

    [Fact]
    public void It_can_be_asked_to_stay_and_hands_settings_on() =>
        DemoOptions.Parse(["--stay", "--CampaignHub:LogLevel=Debug"]).ShouldSatisfyAllConditions(
            o => o.Stay.ShouldBeTrue(), o => o.ServiceSettings.ShouldBe(["--CampaignHub:LogLevel=Debug"]));

    [Theory]
    [InlineData("--stya")]
    [InlineData("stay")]
    [InlineData("--CampaignHub:LogLevel")]
    [InlineData("--urls=http://0.0.0.0:80")]
    public void What_it_does_not_know_is_refused_by_name(string arg) =>
        Should.Throw<StartupException>(() => DemoOptions.Parse([arg])).Message.ShouldContain(arg);
}
