using CampaignHub.Server.Sending;
using NodaTime;

namespace CampaignHub.Server.Tests.Sending;

public sealed class WarmUpAllowanceTests
{
    [Fact]
    public void Of_many_who_ask_for_the_last_messages_at_once_so_many_get_one()
    {
        var relay = Guid.CreateVersion7();
        var allowance = new WarmUpAllowance(new Dictionary<Guid, int> { [relay] = 100 }, Instant.FromUtc(2026, 11, 28, 12, 0));
        var granted = 0;

        Parallel.For(0, 10_000, _ => Interlocked.Add(ref granted, allowance.Has(relay) && allowance.TryTake(relay) ? 1 : 0));

        granted.ShouldBe(100);
        allowance.Unused.ShouldBeEmpty();
        allowance.Return(relay);
        allowance.Unused.ShouldBe([(relay, 1)]);
        allowance.TryTake(Guid.CreateVersion7()).ShouldBeTrue("a relay without warm-up takes any number");
    }
}
