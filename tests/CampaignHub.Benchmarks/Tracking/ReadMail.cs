using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;

namespace CampaignHub.Benchmarks.Tracking;

/// <summary>A campaign that is out, laid by SQL: its deliveries, and the paths of their pixels and links.</summary>
internal sealed class ReadMail
{
    private const int Deliveries = 10_000;
    private const string Agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 reader/";

    private ReadMail(string pixels, string links) => (Pixels, Links) = (pixels, links);

    /// <summary>A file with a path a line.</summary>
    public string Pixels { get; }

    /// <summary>A file with a path a line.</summary>
    public string Links { get; }

    /// <summary>How a request of this number calls itself.</summary>
    public static string AgentOf(int number) => $"{Agent}{number}";

    /// <summary>The number of whoever called itself so.</summary>
    public static string NumberOf(string agent) => agent[Agent.Length..];

    public static async Task<ReadMail> SendAsync(Database database, KeyRing ring, Guid tenantId, string folder)
    {
        var campaignId = Guid.CreateVersion7();
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.campaigns (tenant_id, campaign_id, name, audience, status, created_at, updated_at)
            VALUES ($1, $2, 'Sale', '{}', 'finished', now(), now())
            """, tenantId, campaignId);
        await database.ExecuteAsync("INSERT INTO campaignhub.plans (tenant_id, campaign_id, status, requested_at) VALUES ($1, $2, 'ready', now())", tenantId, campaignId);
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.plan_zones (tenant_id, campaign_id, zone_number, time_zone, rule, local_time, adjustment, recipients)
            VALUES ($1, $2, 0, 'Europe/Berlin', 'local_time', '2026-11-27 10:00', 'none', $3)
            """, tenantId, campaignId, Deliveries);
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.campaign_links (tenant_id, campaign_id, link_index, url, dynamic)
            VALUES ($1, $2, 0, 'https://shop.example/sale?utm_source=newsletter', false)
            """, tenantId, campaignId);
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.recipients (tenant_id, recipient_id, email, email_key, mail_domain, address_hash, time_zone_source, consent_status, created_at, updated_at)
            SELECT $1, campaignhub.uuid_of_run((SELECT campaignhub.uuid_v7(now())::text), i), 'p' || i || '@mail.example', 'p' || i || '@mail.example', 'mail.example', decode(md5(i::text), 'hex'), 'given', 'granted', now(), now()
            FROM generate_series(1, $2) AS i
            """, tenantId, Deliveries);
        await database.ExecuteAsync("""
            INSERT INTO campaignhub.deliveries (tenant_id, delivery_id, campaign_id, recipient_id, address_hash, email, mail_domain, country, time_zone_source, zone_number, state, updated_at)
            SELECT tenant_id, campaignhub.uuid_of_run((SELECT campaignhub.uuid_v7(now())::text), row_number() OVER ()), $2, recipient_id, address_hash, email, mail_domain, 'DE', 'given', 0, 'accepted', now()
            FROM campaignhub.recipients WHERE tenant_id = $1
            """, tenantId, campaignId);
        await database.ExecuteAsync("ANALYZE");
        var key = ring.Derive(tenantId, KeyPurpose.Tracking, TrackingToken.KeyBytes);
        var ids = (await database.ReadAsync("SELECT delivery_id FROM campaignhub.deliveries WHERE tenant_id = $1", tenantId)).Select(row => (Guid)row[0]).ToList();
        var mail = new ReadMail(Path.Combine(folder, "pixels"), Path.Combine(folder, "links"));
        await File.WriteAllLinesAsync(mail.Pixels, ids.Select(id => $"/o/{TrackingToken.Open(tenantId, id).Write(key)}.gif"));
        await File.WriteAllLinesAsync(mail.Links, ids.Select(id => $"/c/{TrackingToken.Click(tenantId, campaignId, id, 0).Write(key)}"));
        return mail;
    }
}
