using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Audience.Segments;

/// <summary>Names a segment.</summary>
public sealed class SegmentRequest
{
    /// <summary>The segment's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Shows a segment.</summary>
internal sealed class GetSegment : ApiEndpoint<SegmentRequest, SegmentView>
{
    public override void Configure()
    {
        Get("/v1/segments/{id}");
        Access(Scope.AudienceRead);
        Summary(s => s.Summary = "Show a segment");
    }

    protected override async Task<Answer<SegmentView>> AnswerAsync(SegmentRequest request, TenantTransaction transaction) =>
        await SegmentStore.FindAsync(transaction, request.Id) is { } segment ? SegmentView.Of(segment) : Problems.NotFound("segment");
}
