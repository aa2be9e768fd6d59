using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using FastEndpoints;
using FluentValidation;

namespace CampaignHub.Server.Audience;

/// <summary>A suppression and what to change of it.</summary>
public sealed class ChangeSuppressionRequest
{
    /// <summary>The suppression's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public SuppressionChange Body { get; set; } = new();
}

/// <summary>Fields of a suppression that can change; an absent one stays. Another pattern is another suppression.</summary>
public sealed class SuppressionChange
{
    /// <summary>Why it must not be mailed.</summary>
    public Optional<string> Reason { get; set; }

    /// <summary>A remark for people: at most 1,000 characters; null clears it.</summary>
    public Optional<string> Note { get; set; }
}

/// <summary>Changes why something is suppressed.</summary>
internal sealed class ChangeSuppression : ApiEndpoint<ChangeSuppressionRequest, Suppression>
{
    public override void Configure()
    {
        Patch("/v1/suppressions/{id}");
        Access(Scope.AudienceWrite);
        Summary(s => s.Summary = "Change a suppression's reason or note");
    }

    protected override async Task<Answer<Suppression>> AnswerAsync(ChangeSuppressionRequest request, TenantTransaction transaction) =>
        await SuppressionStore.UpdateAsync(transaction, request.Id, request.Body) is { } changed ? changed : Problems.NotFound("suppression");

    internal sealed class Rules : Validator<ChangeSuppressionRequest>
    {
        public Rules()
        {
            RuleFor(r => r.Body.Reason.Value).NotNull().OneOf(WireWords.All<SuppressionReason>()).When(r => r.Body.Reason.IsSet);
            RuleFor(r => r.Body.Note.Value).MaximumLength(1_000).When(r => r.Body.Note.IsSet);
        }
    }
}
