using CampaignHub.Core;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Campaigns;

/// <summary>Whether what a campaign names is there, at this tenant.</summary>
internal static class CampaignReferences
{
    /// <summary>Adds an error for each list and template that isn't there.</summary>
    public static async Task CheckAsync(TenantTransaction transaction, Campaign campaign, List<FieldError> errors)
    {
        var audience = campaign.Audience;
        var known = (await KnownListsAsync(transaction, [.. audience.ListIds, .. audience.ExcludeListIds])).ToHashSet();
        errors.AddRange(Unknown("audience.list_ids", audience.ListIds, known));
        errors.AddRange(Unknown("audience.exclude_list_ids", audience.ExcludeListIds, known));
        if (campaign.TemplateId is { } templateId && await TemplateStore.FindAsync(transaction, templateId) is null)
            errors.Add(new("template_id", "not_found", "There is no such template."));
    }

    // Held until the commit, so that a list isn't deleted in between.
    private static async Task<IReadOnlyList<Guid>> KnownListsAsync(TenantTransaction transaction, Guid[] listIds) => listIds.Length == 0
        ? []
        : await transaction.QueryAsync<Guid>("""
            SELECT list_id FROM lists WHERE tenant_id = @TenantId AND list_id = ANY (@listIds) FOR KEY SHARE
            """, new { transaction.TenantId, listIds });

    private static IEnumerable<FieldError> Unknown(string field, Guid[] ids, HashSet<Guid> known) =>
        ids.Select((id, index) => (id, index)).Where(list => !known.Contains(list.id))
            .Select(list => new FieldError($"{field}[{list.index}]", "not_found", $"There is no list {list.id}."));
}
