using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Time;
using NodaTime;

namespace CampaignHub.Server.Tests.Events;

public sealed class PartitionsTests
{
    [Fact]
    public async Task Business_time_finds_its_months_at_start_and_after_a_step()
    {
        await using var service = await TestService.StartAsync("--CampaignHub:Clock:Start=2026-10-24T00:00:00Z");
        (await MonthsAsync(service)).ShouldBe(["2026_10", "2026_11", "2026_12"]);
        service.Get<BusinessClock>().StepTo(Instant.FromUtc(2027, 1, 31, 23, 59));
        await Eventually.Async(async () => (await MonthsAsync(service)).Contains("2027_03"), "partitions of the new quarter");
    }

    [Fact]
    public async Task A_month_that_rows_came_to_before_its_partition_stays_in_the_default_one()
    {
        await using var service = await TestService.StartAsync("--CampaignHub:Clock:Start=2026-10-24T00:00:00Z");
        var seed = await Seed.SentAsync(service);
        await using (var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None))
        {
            await transaction.ExecuteAsync("""
                INSERT INTO events (tenant_id, event_id, received_at, type, at)
                VALUES (@TenantId, @id, '2027-05-15T00:00:00Z', 'delivery.accepted', '2027-05-15T00:00:00Z')
                """, new { transaction.TenantId, id = Guid.CreateVersion7() });
            await transaction.CommitAsync();
        }
        service.Get<BusinessClock>().StepTo(Instant.FromUtc(2027, 4, 1, 0, 0));
        await Eventually.Async(async () => (await MonthsAsync(service)).Contains("2027_06"), "the months beside it");
        (await MonthsAsync(service)).ShouldNotContain("2027_05");
    }

    [Fact]
    public async Task The_partition_of_a_new_month_has_statistics_soon_after_its_first_rows()
    {
        await using var service = await TestService.StartAsync("--CampaignHub:Clock:Start=2026-10-24T00:00:00Z");
        await service.SqlAsync($"""
            INSERT INTO campaignhub.hits (tenant_id, hit_id, received_at, kind, campaign_id, delivery_id, method, x_moz)
            SELECT '{(await service.NewTenantAsync()).Id}', gen_random_uuid(), '2026-12-01T00:00:00Z', 'open', gen_random_uuid(), gen_random_uuid(), 'GET', false
            FROM generate_series(1, 5000)
            """);
        await Eventually.Async(() => service.HasRowAsync("SELECT FROM pg_stats WHERE tablename = 'hits_2026_12' AND attname = 'delivery_id'"), "the planner knows the partition");
    }

    private static async Task<IReadOnlyList<string>> MonthsAsync(TestService service) => await service.Get<Database>().LookUpAsync<string>(
        "SELECT right(relname, 7) FROM pg_class WHERE relname ~ '^events_\\d{4}_\\d{2}$' ORDER BY relname", null, CancellationToken.None);
}
