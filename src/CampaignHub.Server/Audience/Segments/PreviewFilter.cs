using System.Text.Json;
using CampaignHub.Core;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Audience.Segments;

/// <summary>A filter to try.</summary>
public sealed class PreviewFilterRequest
{
    [FromBody]
    public FilterDraft Body { get; set; } = new();
}

/// <summary>A filter that isn't saved.</summary>
public sealed class FilterDraft
{
    /// <summary>The filter: see <see cref="SegmentDraft.Filter"/>; required.</summary>
    /// <example>{ "field": "events.opened", "op": "within_days", "value": 30 }</example>
    public JsonElement? Filter { get; set; }
}

/// <summary>Counts who fits a filter at this moment, and shows some of them, before it is saved. Nothing is written.</summary>
internal sealed class PreviewFilter(IClock clock) : ApiEndpoint<PreviewFilterRequest, SegmentPreview>
{
    public override void Configure()
    {
        Post("/v1/segments/preview");
        Access(Scope.AudienceRead);
        Summary(s => s.Summary = "Preview a filter");
    }

    protected override async Task<Answer<SegmentPreview>> AnswerAsync(PreviewFilterRequest request, TenantTransaction transaction)
    {
        List<FieldError> errors = [];
        return SegmentFilters.Read(request.Body.Filter, errors) is { } filter
            ? await SegmentMembers.PreviewAsync(transaction, filter, clock.GetCurrentInstant())
            : Problems.Invalid(errors);
    }
}
