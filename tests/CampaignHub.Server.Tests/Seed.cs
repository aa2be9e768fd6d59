using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tests;

/// <summary>
/// A campaign that was sent an hour ago, laid by SQL: its recipients in two zones, one accepted delivery each, and its links.
/// For tests of what comes back, which need mail that is out and not the way it went.
/// </summary>
public sealed class Seed
{
    /// <summary>The zones of the plan, each with its local hour.</summary>
    public static readonly IReadOnlyList<(string Zone, string Country, int Hour)> Zones = [("Europe/Berlin", "DE", 10), ("Asia/Tokyo", "JP", 9)];

    private readonly KeyRing ring;
    private readonly Instant now;

    private Seed(KeyRing ring, Instant now, TestTenant tenant, Guid[] deliveries, IReadOnlyList<string> links)
    {
        (this.ring, this.now, Tenant, Links) = (ring, now, tenant, links);
        Deliveries = deliveries;
        Recipients = Array.ConvertAll(deliveries, _ => Guid.CreateVersion7());
    }

    public TestTenant Tenant { get; }

    public Guid CampaignId { get; } = Guid.CreateVersion7();

    /// <summary>Delivery n is of zone n mod 2 and of recipient n.</summary>
    public Guid[] Deliveries { get; }

    public Guid[] Recipients { get; }

    public IReadOnlyList<string> Links { get; }

    public static async Task<Seed> SentAsync(TestService service, int deliveries = 4, params string[] links) => await SentAsync(
        service.Get<Database>(), service.Get<KeyRing>(), service.Get<IClock>().GetCurrentInstant(), await service.NewTenantAsync(), deliveries, links);

    /// <summary>The same for a service in a process of its own.</summary>
    public static async Task<Seed> SentAsync(ChildService service, int deliveries = 4, params string[] links)
    {
        await using var database = new Database(service.ConnectionString);
        return await SentAsync(database, service.ReadKeyRing(), Instant.FromUtc(2026, 11, 27, 9, 0), await service.NewTenantAsync(), deliveries, links);
    }

    private static async Task<Seed> SentAsync(Database database, KeyRing ring, Instant now, TestTenant tenant, int deliveries, string[] links)
    {
        var ids = Enumerable.Range(0, deliveries).Select(_ => Guid.CreateVersion7()).ToArray();
        var seed = new Seed(ring, now, tenant, ids, links.Length > 0 ? links : ["https://shop.example/sale?a=1&b=%20"]);
        await using var transaction = await database.BeginAsync(seed.Tenant.Id, CancellationToken.None);
        await seed.InsertCampaignAsync(transaction);
        await seed.InsertPeopleAsync(transaction);
        await transaction.CommitAsync();
        return seed;
    }

    /// <summary>The path of a delivery's pixel.</summary>
    public string Pixel(int delivery = 0) => $"/o/{Write(TrackingToken.Open(Tenant.Id, Deliveries[delivery]))}.gif";

    /// <summary>The path of a delivery's link; with a URL it is one whose token carries it.</summary>
    public string Link(int delivery = 0, int link = 0, string? url = null) =>
        $"/c/{Write(TrackingToken.Click(Tenant.Id, CampaignId, Deliveries[delivery], (ushort)link, url))}";

    /// <summary>The path of a delivery's unsubscribe page.</summary>
    public string UnsubscribePage(int delivery = 0) => $"/u/{Write(TrackingToken.Unsubscribe(Tenant.Id, Deliveries[delivery]))}";

    public string Write(TrackingToken token) =>
        token.Write(ring.Derive(token.TenantId, KeyPurpose.Tracking, TrackingToken.KeyBytes));

    private async Task InsertCampaignAsync(TenantTransaction transaction)
    {
        await transaction.ExecuteAsync("""
            INSERT INTO campaigns (tenant_id, campaign_id, name, audience, status, created_at, updated_at)
            VALUES (@TenantId, @CampaignId, 'Sale', '{}', 'finished', @now, @now);
            INSERT INTO plans (tenant_id, campaign_id, status, requested_at) VALUES (@TenantId, @CampaignId, 'ready', @now);
            """, new { transaction.TenantId, CampaignId, now });
        await transaction.ExecuteAsync("""
            INSERT INTO plan_zones (tenant_id, campaign_id, zone_number, time_zone, rule, local_time, adjustment, recipients)
            SELECT @TenantId, @CampaignId, n - 1, zone, 'local_time', make_timestamp(2026, 11, 27, hour, 0, 0), 'none', (@deliveries + 2 - n) / 2
            FROM unnest(@zones, @hours) WITH ORDINALITY AS z (zone, hour, n)
            """, new { transaction.TenantId, CampaignId, zones = Zones.Select(z => z.Zone).ToArray(), hours = Zones.Select(z => z.Hour).ToArray(), deliveries = Deliveries.Length });
        await transaction.ExecuteAsync("""
            INSERT INTO campaign_links (tenant_id, campaign_id, link_index, url, dynamic)
            SELECT @TenantId, @CampaignId, n - 1, url, false FROM unnest(@urls) WITH ORDINALITY AS l (url, n)
            """, new { transaction.TenantId, CampaignId, urls = Links.ToArray() });
    }

    private async Task InsertPeopleAsync(TenantTransaction transaction)
    {
        var people = new { transaction.TenantId, CampaignId, now, ids = Recipients, deliveries = Deliveries, countries = Zones.Select(z => z.Country).ToArray() };
        await transaction.ExecuteAsync("""
            INSERT INTO recipients (tenant_id, recipient_id, email, email_key, mail_domain, address_hash, time_zone_source, consent_status, created_at, updated_at)
            SELECT @TenantId, id, id || '@mail.example', id || '@mail.example', 'mail.example', decode(md5(id::text), 'hex'), 'given', 'granted', @now, @now
            FROM unnest(@ids) AS r (id)
            """, people);
        await transaction.ExecuteAsync("""
            INSERT INTO deliveries (tenant_id, delivery_id, campaign_id, recipient_id, address_hash, email, mail_domain, country,
                time_zone_source, zone_number, state, updated_at)
            SELECT @TenantId, delivery, @CampaignId, id, decode(md5(id::text), 'hex'), id || '@mail.example', 'mail.example',
                (@countries)[(n - 1) % 2 + 1], 'given', (n - 1) % 2, 'accepted', @now - interval '1 hour'
            FROM unnest(@ids, @deliveries) WITH ORDINALITY AS r (id, delivery, n)
            """, people);
    }
}
