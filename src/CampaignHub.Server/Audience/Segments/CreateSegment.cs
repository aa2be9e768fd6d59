using System.Text.Json;
using CampaignHub.Core;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Audience.Segments;

/// <summary>A segment to make.</summary>
public sealed class CreateSegmentRequest
{
    [FromBody]
    public SegmentDraft Body { get; set; } = new();
}

/// <summary>The fields of a segment.</summary>
public sealed class SegmentDraft
{
    /// <summary>A name for people: 1 to 200 characters.</summary>
    /// <example>Buyers in Brazil</example>
    public string? Name { get; set; }

    /// <summary>
    /// <c>{"all": […]}</c>, <c>{"any": […]}</c> or <c>{"none": […]}</c> of filters, or <c>{"field", "op", "value"}</c>; ten levels
    /// and a hundred conditions at most; required. Ops: <c>eq</c>, <c>ne</c>, <c>in</c>, <c>exists</c>, <c>gt</c>, <c>lt</c>,
    /// <c>contains</c>, <c>starts_with</c>, <c>within_days</c>. Fields: those of a recipient, <c>attributes.…</c>, <c>lists</c>,
    /// <c>consent</c>, <c>time_zone_source</c>, <c>events.received</c>, <c>events.opened</c>, <c>events.clicked</c>.
    /// </summary>
    /// <example>{ "all": [ { "field": "country", "op": "eq", "value": "BR" }, { "field": "attributes.orders", "op": "gt", "value": 2 } ] }</example>
    public JsonElement? Filter { get; set; }
}

/// <summary>Saves a filter as a segment. <c>POST /v1/segments/preview</c> says before whom it would hold.</summary>
internal sealed class CreateSegment(IClock clock) : ApiEndpoint<CreateSegmentRequest, SegmentView>
{
    public override void Configure()
    {
        Post("/v1/segments");
        Access(Scope.AudienceWrite);
        Answers(201);
        Summary(s => s.Summary = "Make a segment");
    }

    protected override async Task<Answer<SegmentView>> AnswerAsync(CreateSegmentRequest request, TenantTransaction transaction)
    {
        List<FieldError> errors = [];
        if (SegmentFilters.Read(request.Body.Filter, errors) is null)
            return Problems.Invalid(errors);
        var now = clock.GetCurrentInstant();
        var segment = new Segment
        {
            SegmentId = Guid.CreateVersion7(),
            Name = request.Body.Name!.Trim(),
            FilterJson = request.Body.Filter!.Value.GetRawText(),
            CreatedAt = now,
            UpdatedAt = now,
        };
        await SegmentStore.InsertAsync(transaction, segment);
        return Answer.Created(SegmentView.Of((await SegmentStore.FindAsync(transaction, segment.SegmentId))!), $"/v1/segments/{segment.SegmentId}");
    }

    internal sealed class Rules : Validator<CreateSegmentRequest>
    {
        public Rules() => RuleFor(r => r.Body.Name).NotEmpty().MaximumLength(200);
    }
}
