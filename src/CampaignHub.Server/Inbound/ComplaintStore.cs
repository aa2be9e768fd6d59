using CampaignHub.Core.Reports;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Inbound;

/// <summary>Counts complaints by campaign and mail domain.</summary>
internal static class ComplaintStore
{
    public static Task CountAsync(TenantTransaction transaction, ReturnedDelivery delivery) => transaction.ExecuteAsync("""
        INSERT INTO complaint_counts AS c (tenant_id, campaign_id, mail_domain, complaints) VALUES (@TenantId, @CampaignId, @MailDomain, 1)
        ON CONFLICT (tenant_id, campaign_id, mail_domain) DO UPDATE SET complaints = c.complaints + 1
        """, new { transaction.TenantId, delivery.CampaignId, delivery.MailDomain });

    /// <summary>The count, which nobody else judges until the commit; null where nobody complained.</summary>
    public static Task<ComplaintCount?> LockAsync(TenantTransaction transaction, Guid campaignId, string mailDomain) =>
        transaction.QueryFirstOrDefaultAsync<ComplaintCount>("""
            SELECT campaign_id, mail_domain, complaints, accepted, alarmed_at, paused_at FROM complaint_counts
            WHERE tenant_id = @TenantId AND campaign_id = @campaignId AND mail_domain = @mailDomain FOR UPDATE
            """, new { transaction.TenantId, campaignId, mailDomain });

    /// <summary>Counts anew how many were accepted, and answers it: a look at all of the campaign's deliveries.</summary>
    public static Task<long> RecountAsync(TenantTransaction transaction, ComplaintCount count) => transaction.QuerySingleAsync<long>("""
        UPDATE complaint_counts SET accepted = (
            SELECT count(*) FROM deliveries
            WHERE tenant_id = @TenantId AND campaign_id = @CampaignId AND mail_domain = @MailDomain AND state = 'accepted')
        WHERE tenant_id = @TenantId AND campaign_id = @CampaignId AND mail_domain = @MailDomain
        RETURNING accepted
        """, new { transaction.TenantId, count.CampaignId, count.MailDomain });

    public static Task NoteAsync(TenantTransaction transaction, ComplaintCount count, bool paused, Instant now) => transaction.ExecuteAsync("""
        UPDATE complaint_counts SET alarmed_at = coalesce(alarmed_at, @now), paused_at = CASE WHEN @paused THEN @now ELSE paused_at END
        WHERE tenant_id = @TenantId AND campaign_id = @CampaignId AND mail_domain = @MailDomain
        """, new { transaction.TenantId, count.CampaignId, count.MailDomain, paused, now });
}

/// <summary>Complaints about a campaign at a mail domain, and what has followed from them.</summary>
internal sealed record ComplaintCount
{
    public Guid CampaignId { get; init; }
    public string MailDomain { get; init; } = "";
    public long Complaints { get; init; }

    /// <summary>As last counted: no more than there are.</summary>
    public long Accepted { get; init; }

    public Instant? AlarmedAt { get; init; }
    public Instant? PausedAt { get; init; }

    public Proportion Proportion => new(Complaints, Accepted);
}
