using System.Collections.Concurrent;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace CampaignHub.Server.Tests.Platform.Jobs;

public sealed class TenantLoopTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    [Fact]
    public async Task Work_that_fails_for_one_tenant_is_done_for_all_others_and_tried_again()
    {
        var (faulty, sound) = (await fixture.Service.NewTenantAsync(), await fixture.Service.NewTenantAsync());
        using var loop = new Loop(fixture.Service.Get<Server.Platform.Database.Database>(), [faulty.Id, sound.Id]);
        await loop.StartAsync(CancellationToken.None);
        await Eventually.Async(() => Task.FromResult(loop.Worked.Count(tenant => tenant == faulty.Id) >= 2), "the faulty one is tried again");
        await loop.StopAsync(CancellationToken.None);
        loop.Worked.ShouldContain(sound.Id);
    }

    /// <summary>Fails for the first of its tenants.</summary>
    private sealed class Loop(Server.Platform.Database.Database database, Guid[] tenants)
        : TenantLoop(database, "", new WorkSignal(), new WorkerHealth(), NullLogger<Loop>.Instance)
    {
        public ConcurrentQueue<Guid> Worked { get; } = new();

        protected override Task<IReadOnlyList<Guid>> TenantsAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<Guid>>(tenants);

        protected override Task<bool> WorkAsync(TenantTransaction transaction)
        {
            Worked.Enqueue(transaction.TenantId);
            return transaction.TenantId == tenants[0] ? throw new InvalidOperationException("This tenant's work always fails.") : Task.FromResult(false);
        }
    }
}
