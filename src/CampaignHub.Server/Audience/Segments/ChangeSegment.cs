using System.Text.Json;
using CampaignHub.Core;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Audience.Segments;

/// <summary>A segment and what to change of it.</summary>
public sealed class ChangeSegmentRequest
{
    /// <summary>The segment's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public SegmentChange Body { get; set; } = new();
}

/// <summary>Fields of a segment that can change; an absent one stays.</summary>
public sealed class SegmentChange
{
    /// <summary>A name for people: 1 to 200 characters.</summary>
    public Optional<string> Name { get; set; }

    /// <summary>Another filter: see <see cref="SegmentDraft.Filter"/>.</summary>
    public Optional<JsonElement?> Filter { get; set; }
}

/// <summary>Changes a segment. Plans that were computed keep the people that they found.</summary>
internal sealed class ChangeSegment(IClock clock) : ApiEndpoint<ChangeSegmentRequest, SegmentView>
{
    public override void Configure()
    {
        Patch("/v1/segments/{id}");
        Access(Scope.AudienceWrite);
        Summary(s => s.Summary = "Change a segment");
    }

    protected override async Task<Answer<SegmentView>> AnswerAsync(ChangeSegmentRequest request, TenantTransaction transaction)
    {
        List<FieldError> errors = [];
        if (request.Body.Filter.IsSet && SegmentFilters.Read(request.Body.Filter.Value, errors) is null)
            return Problems.Invalid(errors);
        if (await SegmentStore.LockAsync(transaction, request.Id) is not { } segment)
            return Problems.NotFound("segment");
        await SegmentStore.UpdateAsync(transaction, segment with
        {
            Name = request.Body.Name.Or(segment.Name)!.Trim(),
            FilterJson = request.Body.Filter.Value?.GetRawText() ?? segment.FilterJson,
            UpdatedAt = clock.GetCurrentInstant(),
        });
        return SegmentView.Of((await SegmentStore.FindAsync(transaction, request.Id))!);
    }

    internal sealed class Rules : Validator<ChangeSegmentRequest>
    {
        public Rules() => RuleFor(r => r.Body.Name.Value).NotEmpty().MaximumLength(200).When(r => r.Body.Name.IsSet);
    }
}
