using CampaignHub.Server.Platform.Postgres;
using Microsoft.Extensions.Configuration;
using Db = CampaignHub.Server.Platform.Database.Database;

namespace CampaignHub.Server.Tests.Platform.Database;

public sealed class TenantTransactionTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    [Fact]
    public async Task Disposed_twice_it_leaves_the_next_user_of_its_connection_alone()
    {
        // A pool of the test's own, so that the second transaction gets the first one's connection.
        await using var database = new Db(fixture.Service.Get<IConfiguration>().GetConnectionString(PostgresServer.ConnectionName)!);
        var tenantId = fixture.Service.Tenant.Id;
        var first = await database.BeginAsync(tenantId, CancellationToken.None);
        var connection = first.Connection.ProcessID;
        await first.DisposeAsync();
        await using var second = await database.BeginAsync(tenantId, CancellationToken.None);
        second.Connection.ProcessID.ShouldBe(connection);

        await first.DisposeAsync();

        (await second.QuerySingleAsync<bool>("SELECT current_setting('campaignhub.tenants', true) = @own", new { own = $"{{{tenantId}}}" })).ShouldBeTrue();
        await second.CommitAsync();
    }
}
