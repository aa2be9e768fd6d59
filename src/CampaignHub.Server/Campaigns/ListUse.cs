using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Campaigns;

/// <summary>Who still needs a list.</summary>
internal static class ListUse
{
    /// <summary>
    /// What uses the list, in words for people: a campaign that isn't over and names it, an import into it that isn't
    /// done, a storefront or a form; null where nothing does. Lock the list first, so that the answer holds until the commit.
    /// </summary>
    public static Task<string?> FindAsync(TenantTransaction transaction, Guid listId) => transaction.QueryFirstOrDefaultAsync<string>("""
        SELECT format('The campaign "%s" (%s, %s) names this list. Finish or cancel it, or change its audience, first.', name, campaign_id, status)
        FROM campaigns
        WHERE tenant_id = @TenantId AND status NOT IN ('finished', 'cancelled')
          AND (audience -> 'list_ids' ? @list OR audience -> 'exclude_list_ids' ? @list)
        UNION ALL
        SELECT format('The import %s into this list is still %s.', import_id, CASE status WHEN 'staging' THEN 'being uploaded' ELSE status END)
        FROM imports
        WHERE tenant_id = @TenantId AND list_id = @listId AND status IN ('staging', 'queued', 'running')
        UNION ALL
        SELECT format('The storefront "%s" (%s) puts its buyers on this list. Give it another, or remove it, first.', name, storefront_id)
        FROM storefronts
        WHERE tenant_id = @TenantId AND list_id = @listId
        UNION ALL
        SELECT format('The form "%s" (%s) puts people on this list. Take it off the form, or remove that, first.', name, form_id)
        FROM forms
        WHERE tenant_id = @TenantId AND @listId = ANY (list_ids)
        LIMIT 1
        """, new { transaction.TenantId, listId, list = listId.ToString() });
}
