using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Deliveries;

/// <summary>
/// What the mail domains behind a relay made of a campaign's last messages, over all nodes: which of them were refused as
/// policy or spam. Only a domain that refused one of its last 200 is counted, by one row whatever the nodes and messages;
/// of the others nothing is written.
/// </summary>
internal static class PolicyWindowStore
{
    /// <summary>How many messages are looked at.</summary>
    public const int Length = 200;

    /// <summary>
    /// Adds messages, the oldest first, and answers how many of the last <see cref="Length"/> were refused, of each domain that
    /// is counted. Run it late in a transaction: other nodes wait for its rows. They are taken in one order by all.
    /// </summary>
    /// <param name="batch">Of a transaction that sees the tenants.</param>
    /// <param name="messages">Where each went, and whether it was refused as policy or spam.</param>
    public static List<(PolicyWindow Window, int Refused)> Count(StatementBatch batch, IEnumerable<(PolicyWindow Window, bool Refused)> messages)
    {
        var windows = messages.GroupBy(m => m.Window, m => m.Refused ? '1' : '0').ToList();
        return windows.Count == 0 ? [] : batch.Add(
            AddMessages,
            row => (new PolicyWindow(row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetString(3)), row.GetInt32(4)),
            ("tenantIds", windows.Select(w => w.Key.TenantId).ToArray()),
            ("campaignIds", windows.Select(w => w.Key.CampaignId).ToArray()),
            ("relayIds", windows.Select(w => w.Key.RelayId).ToArray()),
            ("mailDomains", windows.Select(w => w.Key.MailDomain).ToArray()),
            ("refused", windows.Select(w => string.Concat(w.TakeLast(Length))).ToArray()));
    }

    /// <summary>Begins anew for a campaign: somebody has looked at it and lets it go on.</summary>
    public static Task ForgetAsync(TenantTransaction transaction, Guid campaignId) => transaction.ExecuteAsync(
        "DELETE FROM policy_windows WHERE tenant_id = @TenantId AND campaign_id = @campaignId", new { transaction.TenantId, campaignId });

    private const string AddMessages = """
        INSERT INTO policy_windows AS w (tenant_id, campaign_id, relay_id, mail_domain, refused)
        SELECT tenant_id, campaign_id, relay_id, mail_domain, refused::bit varying
        FROM unnest(@tenantIds, @campaignIds, @relayIds, @mailDomains, @refused) AS n (tenant_id, campaign_id, relay_id, mail_domain, refused)
        WHERE n.refused LIKE '%1%' OR EXISTS (
            SELECT FROM policy_windows k
            WHERE k.tenant_id = n.tenant_id AND k.campaign_id = n.campaign_id AND k.relay_id = n.relay_id AND k.mail_domain = n.mail_domain
              AND bit_count(k.refused) > 0)
        ORDER BY tenant_id, campaign_id, relay_id, mail_domain
        ON CONFLICT (tenant_id, campaign_id, relay_id, mail_domain) DO UPDATE
        SET refused = substring(w.refused || excluded.refused FROM greatest(1, length(w.refused) + length(excluded.refused) - 199))
        RETURNING tenant_id, campaign_id, relay_id, mail_domain, bit_count(refused)::int
        """;
}

/// <summary>What is counted together: a campaign's messages to one mail domain through one relay.</summary>
internal readonly record struct PolicyWindow(Guid TenantId, Guid CampaignId, Guid RelayId, string MailDomain);
