using System.Diagnostics;
using CampaignHub.Server.Deliveries;
using NodaTime;

namespace CampaignHub.Benchmarks;

/// <summary>How long it takes to claim a batch out of ledgers of growing size: the curve should be flat.</summary>
internal static class ClaimBenchmark
{
    private const int Batch = 400;
    private const int Claims = 100;
    private const int Zones = 300;

    public static async Task<int> RunAsync(int most)
    {
        await using var service = await ServiceUnderTest.StartAsync();
        var tenantId = await service.NewTenantAsync();
        await using var database = new Server.Platform.Database.Database(service.ConnectionString);
        Console.WriteLine($"Batches of {Batch} out of one campaign in {Zones} zones, the median of {Claims}");
        double? first = null;
        for (var size = 10_000; size <= most; size *= 10)
        {
            var campaignId = Guid.CreateVersion7();
            await SeedAsync(service.Database, tenantId, campaignId, size);
            var took = new List<double>();
            for (var i = 0; i < Math.Min(Claims, size / Batch / 2); i++)
            {
                if (await ClaimAsync(database, tenantId, campaignId) is { } milliseconds)
                    took.Add(milliseconds);
            }
            took.Sort();
            var median = took[took.Count / 2];
            first ??= median;
            Console.WriteLine($"{size,12:N0} rows  {median,6:0.0} ms = {median / first,4:0.00} of the smallest");
        }
        return 0;
    }

    /// <summary>In milliseconds; null where the zones that were looked at had fewer left than a batch.</summary>
    private static async Task<double?> ClaimAsync(Server.Platform.Database.Database database, Guid tenantId, Guid campaignId)
    {
        var watch = Stopwatch.StartNew();
        await using var transaction = await database.BeginAsync(tenantId, CancellationToken.None);
        var lease = new Lease(Guid.CreateVersion7(), Guid.Empty, 600);
        var claimed = await LeaseStore.ClaimAsync(transaction, campaignId, lease, Batch, [], Instant.FromUtc(2026, 11, 27, 12, 0));
        await transaction.CommitAsync();
        return claimed.Count == Batch ? watch.Elapsed.TotalMilliseconds : null;
    }

    /// <summary>A campaign whose waves are open; paused, so that the service leaves it alone.</summary>
    private static async Task SeedAsync(Database database, Guid tenantId, Guid campaignId, int size)
    {
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.campaigns (tenant_id, campaign_id, name, audience, status, created_at, updated_at)
            VALUES ($1, $2, 'Everyone', '{}', 'paused', now(), now())
            """, tenantId, campaignId);
        await database.ExecuteAsync("INSERT INTO campaignhub.plans (tenant_id, campaign_id, status, requested_at) VALUES ($1, $2, 'ready', now())", tenantId, campaignId);
        await database.ExecuteAsync($"""
            WITH zones AS (SELECT gen_random_uuid() AS wave_id, n FROM generate_series(0, {Zones} - 1) AS n), waves AS (
                INSERT INTO campaignhub.waves (tenant_id, wave_id, campaign_id, due_at, recipients, status)
                SELECT $1, wave_id, $2, '2026-11-27T00:00:00Z'::timestamptz + make_interval(mins => n), 1, 'running' FROM zones
            ), positions AS (
                INSERT INTO campaignhub.claim_positions (tenant_id, campaign_id, zone_number) SELECT $1, $2, n FROM zones
            )
            INSERT INTO campaignhub.plan_zones (tenant_id, campaign_id, zone_number, time_zone, rule, local_time, due_at, adjustment, recipients, wave_id)
            SELECT $1, $2, n, 'Europe/Berlin', 'local_time 10:00', '2026-11-27T10:00:00', '2026-11-27T00:00:00Z'::timestamptz + make_interval(mins => n), 'none', 1, wave_id
            FROM zones
            """, tenantId, campaignId);
        await database.ExecuteAsync($"""
            INSERT INTO campaignhub.deliveries (tenant_id, delivery_id, campaign_id, recipient_id, address_hash, email, mail_domain, time_zone_source, zone_number,
                state, updated_at)
            SELECT $1, campaignhub.uuid_of_run((SELECT campaignhub.uuid_v7(now())::text), i), $2, gen_random_uuid(), decode(md5(i::text), 'hex'), 'p' || i || '@shop.example', 'shop.example', 'given',
                   i * {Zones}::bigint / $3, 'scheduled', now()
            FROM generate_series(0, $3 - 1) AS i
            """, tenantId, campaignId, size);
        await database.ExecuteAsync("VACUUM ANALYZE campaignhub.deliveries");
    }
}
