using CampaignHub.Core;
using CampaignHub.Server.Audience.Segments;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Campaigns;

/// <summary>Whether what a campaign names is there, at this tenant.</summary>
internal static class CampaignReferences
{
    /// <summary>Adds an error for each list, segment and template that isn't there.</summary>
    public static async Task CheckAsync(TenantTransaction transaction, Campaign campaign, List<FieldError> errors)
    {
        var audience = campaign.Audience;
        var known = (await KnownListsAsync(transaction, [.. audience.ListIds, .. audience.ExcludeListIds])).ToHashSet();
        errors.AddRange(Unknown("audience.list_ids", "list", audience.ListIds, known));
        errors.AddRange(Unknown("audience.exclude_list_ids", "list", audience.ExcludeListIds, known));
        var segments = (await SegmentStore.HoldAsync(transaction, [.. audience.SegmentIds, .. audience.ExcludeSegmentIds])).Select(s => s.SegmentId).ToHashSet();
        errors.AddRange(Unknown("audience.segment_ids", "segment", audience.SegmentIds, segments));
        errors.AddRange(Unknown("audience.exclude_segment_ids", "segment", audience.ExcludeSegmentIds, segments));
        if (campaign.TemplateId is { } templateId && await TemplateStore.FindAsync(transaction, templateId) is null)
            errors.Add(new("template_id", "not_found", "There is no such template."));
    }

    // Held until the commit, so that a list isn't deleted in between.
    private static async Task<IReadOnlyList<Guid>> KnownListsAsync(TenantTransaction transaction, Guid[] listIds) => listIds.Length == 0
        ? []
        : await transaction.QueryAsync<Guid>("""
            SELECT list_id FROM lists WHERE tenant_id = @TenantId AND list_id = ANY (@listIds) FOR KEY SHARE
            """, new { transaction.TenantId, listIds });

    private static IEnumerable<FieldError> Unknown(string field, string what, Guid[] ids, HashSet<Guid> known) =>
        ids.Select((id, index) => (id, index)).Where(named => !known.Contains(named.id))
            .Select(named => new FieldError($"{field}[{named.index}]", "not_found", $"There is no {what} {named.id}."));
}
