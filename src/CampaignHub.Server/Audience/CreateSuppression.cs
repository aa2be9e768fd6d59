using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>A suppression to make.</summary>
public sealed class CreateSuppressionRequest
{
    [FromBody]
    public SuppressionDraft Body { get; set; } = new();
}

/// <summary>The fields of a new suppression.</summary>
public sealed class SuppressionDraft
{
    /// <summary>An address, <c>*@domain</c> (everybody at it) or <c>*.domain</c> (everybody at a domain below it).</summary>
    /// <example>*@shop.example</example>
    public string? Pattern { get; set; }

    /// <summary>Why it must not be mailed; <c>manual</c> unless given.</summary>
    public string? Reason { get; set; }

    /// <summary>A remark for people: at most 1,000 characters.</summary>
    public string? Note { get; set; }
}

/// <summary>Suppresses an address or pattern: from now on nothing is mailed to it.</summary>
internal sealed class CreateSuppression(IClock clock) : ApiEndpoint<CreateSuppressionRequest, Suppression>
{
    public override void Configure()
    {
        Post("/v1/suppressions");
        Access(Scope.AudienceWrite);
        Answers(201);
        Conflicts();
        Summary(s => s.Summary = "Suppress an address or pattern");
    }

    protected override async Task<Answer<Suppression>> AnswerAsync(CreateSuppressionRequest request, TenantTransaction transaction)
    {
        if (!SuppressionPattern.TryParse(request.Body.Pattern, out var pattern, out var problem))
            return Problems.Invalid("pattern", "invalid_pattern", problem);
        var reason = WireWords.Parse<SuppressionReason>(request.Body.Reason ?? "") ?? SuppressionReason.Manual;
        var made = await SuppressionStore.SuppressAsync(transaction, pattern, reason, "api", request.Body.Note, clock.GetCurrentInstant());
        return made is null
            ? Problems.AlreadyExists("pattern", $"{pattern} is suppressed already.")
            : Answer.Created(made, $"/v1/suppressions/{made.Id}");
    }

    internal sealed class Rules : Validator<CreateSuppressionRequest>
    {
        public Rules()
        {
            RuleFor(r => r.Body.Pattern).NotEmpty();
            RuleFor(r => r.Body.Reason).OneOf(WireWords.All<SuppressionReason>());
            RuleFor(r => r.Body.Note).MaximumLength(1_000);
        }
    }
}
