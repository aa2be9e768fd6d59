using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tests.Deliveries;

public sealed class PolicyWindowTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly Guid _campaign = Guid.CreateVersion7();
    private readonly Guid _relay = Guid.CreateVersion7();

    [Fact]
    public async Task Nodes_that_count_at_once_count_together_whatever_the_order_in_which_they_bring_domains()
    {
        var tenants = await Task.WhenAll(fixture.Service.NewTenantAsync(), fixture.Service.NewTenantAsync());
        List<PolicyWindow> domains = [.. from tenant in tenants from name in (string[])["a.example", "b.example"] select Of(tenant, name)];
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async node =>
        {
            for (var i = 0; i < 10; i++)
                await CountAsync(tenants, (node % 2 == 0 ? domains : Enumerable.Reverse(domains)).SelectMany(d => Messages(d, "01")));
        }));

        // 160 messages of each, of which the half was refused.
        (await CountAsync(tenants, domains.SelectMany(d => Messages(d, "0")))).ShouldBe(domains.Select(d => (d, 80)), ignoreOrder: true);
    }

    [Fact]
    public async Task The_last_two_hundred_count_and_a_domain_that_refused_none_of_them_is_not_written()
    {
        var tenant = await fixture.Service.NewTenantAsync();
        var (bad, good) = (Of(tenant, "bad.example"), Of(tenant, "good.example"));

        (await CountAsync([tenant], Messages(good, "000"))).ShouldBeEmpty();
        (await CountAsync([tenant], [.. Messages(bad, "1110"), .. Messages(good, "0")])).ShouldBe([(bad, 3)]);
        (await CountAsync([tenant], Messages(bad, new string('0', 197)))).ShouldBe([(bad, 2)]);
        (await CountAsync([tenant], Messages(bad, "00"))).ShouldBe([(bad, 0)]);
        (await CountAsync([tenant], Messages(bad, "0"))).ShouldBeEmpty();
        // More than a window at once: its last ones.
        (await CountAsync([tenant], Messages(bad, new string('1', 150) + new string('0', 190)))).ShouldBe([(bad, 10)]);

        await InTransactionAsync([tenant], async t =>
        {
            await PolicyWindowStore.ForgetAsync(t, _campaign);
            return 0;
        });
        (await CountAsync([tenant], Messages(bad, "0"))).ShouldBeEmpty();
        (await CountAsync([tenant], Messages(bad, "1"))).ShouldBe([(bad, 1)]);
    }

    private PolicyWindow Of(TestTenant tenant, string domain) => new(tenant.Id, _campaign, _relay, domain);

    private static IEnumerable<(PolicyWindow, bool)> Messages(PolicyWindow window, string refused) => refused.Select(r => (window, r == '1'));

    private Task<List<(PolicyWindow Window, int Refused)>> CountAsync(TestTenant[] tenants, IEnumerable<(PolicyWindow, bool)> messages) =>
        InTransactionAsync(tenants, async transaction =>
        {
            var batch = transaction.Batch();
            var windows = PolicyWindowStore.Count(batch, messages);
            await batch.RunAsync();
            return windows;
        });

    private async Task<T> InTransactionAsync<T>(TestTenant[] tenants, Func<TenantTransaction, Task<T>> act)
    {
        await using var transaction = await fixture.Service.Get<Database>().BeginAsync([.. tenants.Select(t => t.Id)], default);
        var answer = await act(transaction);
        await transaction.CommitAsync();
        return answer;
    }
}
