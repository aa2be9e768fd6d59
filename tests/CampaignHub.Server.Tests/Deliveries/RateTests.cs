using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tests.Deliveries;

public sealed class RateTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    [Fact]
    public async Task Nodes_that_ask_at_once_get_no_more_than_the_rate_together_and_what_is_given_back_may_be_taken_again()
    {
        var tenant = await fixture.Service.NewTenantAsync();
        var campaign = Guid.CreateVersion7();

        // 36 an hour is one in a hundred seconds, for which one unused counts.
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => InTransactionAsync(tenant, t => RateStore.TakeAsync(t, campaign, 36, 400))));
        taken.Sum().ShouldBe(1);

        await InTransactionAsync(tenant, async t =>
        {
            await RateStore.GiveBackAsync(t, campaign, 36, 1);
            return 0;
        });
        (await InTransactionAsync(tenant, t => RateStore.TakeAsync(t, campaign, 36, 400))).ShouldBe(1);
        (await InTransactionAsync(tenant, t => RateStore.TakeAsync(t, campaign, 36, 400))).ShouldBe(0);
    }

    [Theory]
    [InlineData(3_600, 400, 10)] // one a second, of ten seconds
    [InlineData(10_000_000, 400, 400)]
    [InlineData(10_000_000, 3, 3)]
    public async Task The_first_who_asks_gets_ten_seconds_worth_at_most_and_no_more_than_wanted(int perHour, int wanted, int expected)
    {
        var tenant = await fixture.Service.NewTenantAsync();
        (await InTransactionAsync(tenant, t => RateStore.TakeAsync(t, Guid.CreateVersion7(), perHour, wanted))).ShouldBe(expected);
    }

    private async Task<int> InTransactionAsync(TestTenant tenant, Func<TenantTransaction, Task<int>> act)
    {
        await using var transaction = await fixture.Service.Get<Database>().BeginAsync(tenant.Id, default);
        var answer = await act(transaction);
        await transaction.CommitAsync();
        return answer;
    }
}
