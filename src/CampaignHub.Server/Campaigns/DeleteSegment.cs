using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Audience.Segments;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Campaigns;

/// <summary>
/// Removes a segment that no unfinished campaign names; its people stay. Lives here, below the audience, because it needs the
/// campaigns too.
/// </summary>
internal sealed class DeleteSegment : ApiEndpoint<SegmentRequest, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/segments/{id}");
        Access(Scope.AudienceWrite);
        Tags("Audience");
        Conflicts();
        Summary(s => s.Summary = "Remove a segment");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(SegmentRequest request, TenantTransaction transaction)
    {
        if (await SegmentStore.LockAsync(transaction, request.Id) is null)
            return Problems.NotFound("segment");
        if (await UseAsync(transaction, request.Id) is { } use)
            return Problems.InUse(use);
        await SegmentStore.DeleteAsync(transaction, request.Id);
        return Answer.NoContent();
    }

    private static Task<string?> UseAsync(TenantTransaction transaction, Guid segmentId) => transaction.QueryFirstOrDefaultAsync<string>("""
        SELECT format('The campaign "%s" (%s, %s) names this segment. Finish or cancel it, or change its audience, first.', name, campaign_id, status)
        FROM campaigns
        WHERE tenant_id = @TenantId AND status NOT IN ('finished', 'cancelled')
          AND (audience -> 'segment_ids' ? @segment OR audience -> 'exclude_segment_ids' ? @segment)
        LIMIT 1
        """, new { transaction.TenantId, segment = segmentId.ToString() });
}
