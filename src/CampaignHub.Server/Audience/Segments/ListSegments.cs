using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Audience.Segments;

/// <summary>A page of segments to list.</summary>
public sealed class ListSegmentsRequest : PageRequest;

/// <summary>Lists the tenant's segments, oldest first.</summary>
internal sealed class ListSegments(Cursors cursors) : ApiEndpoint<ListSegmentsRequest, Page<SegmentView>>
{
    public override void Configure()
    {
        Get("/v1/segments");
        Access(Scope.AudienceRead);
        Summary(s => s.Summary = "List the segments");
    }

    protected override async Task<Answer<Page<SegmentView>>> AnswerAsync(ListSegmentsRequest request, TenantTransaction transaction)
    {
        var (limit, after) = cursors.Read(request, transaction.TenantId, "segments");
        var segments = await SegmentStore.ListAsync(transaction, after is null ? null : Guid.Parse(after), limit + 1);
        return cursors.Page([.. segments.Select(SegmentView.Of)], limit, transaction.TenantId, "segments", s => s.Id.ToString());
    }
}
