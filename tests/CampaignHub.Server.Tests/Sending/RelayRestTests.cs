using CampaignHub.Server.Sending;

namespace CampaignHub.Server.Tests.Sending;

public sealed class RelayRestTests
{
    private readonly RelayRest _rest = new();
    private readonly Guid _relay = Guid.CreateVersion7();

    [Fact]
    public void A_message_that_was_no_trial_and_comes_to_nothing_ends_no_rest()
    {
        _rest.Begin(_relay).ShouldBeTrue();

        _rest.Untried(_relay); // begun before the rest, and called off

        _rest.IsResting(_relay).ShouldBeTrue();
    }

    [Fact]
    public async Task A_trial_that_comes_to_nothing_makes_room_for_another()
    {
        _rest.Begin(_relay);
        await Eventually.Async(() => Task.FromResult(_rest.MayTry(_relay)), "the rest is over, and this is the trial");
        _rest.IsResting(_relay).ShouldBeTrue("others wait for it");

        _rest.Untried(_relay);

        _rest.MayTry(_relay).ShouldBeTrue();
    }
}
