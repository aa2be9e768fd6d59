using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Campaigns;

/// <summary>Who still needs a domain.</summary>
internal static class DomainUse
{
    /// <summary>
    /// A campaign, in words for people, that is under way and sends from the domain or one below it; null where none does.
    /// Lock the domain first, so that the answer holds until the commit.
    /// </summary>
    public static Task<string?> BySenderAsync(TenantTransaction transaction, string domain) => transaction.QueryFirstOrDefaultAsync<string>("""
        SELECT format('The campaign "%s" (%s, %s) sends from %s. Let it finish, or cancel it, first.', name, campaign_id, status, from_email)
        FROM campaigns
        WHERE tenant_id = @TenantId AND status IN ('scheduled', 'sending', 'paused')
          AND from_email LIKE ANY (@on)
        LIMIT 1
        """, new { transaction.TenantId, on = new[] { $"%@{domain}", $"%.{domain}" } });

    /// <summary>The same of a campaign whose links begin with the tracking domain.</summary>
    public static Task<string?> ByLinksAsync(TenantTransaction transaction, string domain) => transaction.QueryFirstOrDefaultAsync<string>("""
        SELECT format('Links of the campaign "%s" (%s, %s) begin with %s. Let it finish, or cancel it, first.', name, campaign_id, status, @domain)
        FROM campaigns
        WHERE tenant_id = @TenantId AND status IN ('scheduled', 'sending', 'paused')
          AND launched_content ->> 'tracking_url' = 'https://' || @domain
        LIMIT 1
        """, new { transaction.TenantId, domain });
}
