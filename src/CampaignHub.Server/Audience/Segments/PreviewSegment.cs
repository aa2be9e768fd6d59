using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Audience.Segments;

/// <summary>Counts who is in a segment at this moment, and shows some of them.</summary>
internal sealed class PreviewSegment(IClock clock) : ApiEndpoint<SegmentRequest, SegmentPreview>
{
    public override void Configure()
    {
        Get("/v1/segments/{id}/preview");
        Access(Scope.AudienceRead);
        Summary(s => s.Summary = "Preview a segment");
    }

    protected override async Task<Answer<SegmentPreview>> AnswerAsync(SegmentRequest request, TenantTransaction transaction) =>
        await SegmentStore.FindAsync(transaction, request.Id) is { } segment
            ? await SegmentMembers.PreviewAsync(transaction, segment.Filter, clock.GetCurrentInstant())
            : Problems.NotFound("segment");
}
