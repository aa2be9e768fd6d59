using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>A template and what to change of it.</summary>
public sealed class ChangeTemplateRequest
{
    /// <summary>The template's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public TemplateChange Body { get; set; } = new();
}

/// <summary>Changes a template, and with it every campaign that uses it and isn't launched.</summary>
internal sealed class ChangeTemplate(IClock clock) : ApiEndpoint<ChangeTemplateRequest, Template>
{
    public override void Configure()
    {
        Patch("/v1/templates/{id}");
        Access(Scope.CampaignsWrite);
        Summary(s => s.Summary = "Change a template");
    }

    protected override async Task<Answer<Template>> AnswerAsync(ChangeTemplateRequest request, TenantTransaction transaction)
    {
        if (await TemplateStore.LockAsync(transaction, request.Id) is not { } template)
            return Problems.NotFound("template");
        var changed = request.Body.ApplyTo(template) with { UpdatedAt = clock.GetCurrentInstant() };
        var faults = ContentFaults.Of(changed.Subject, changed.Html, changed.Text).ToList();
        if (faults.Count > 0)
            return Problems.Invalid(faults);
        await TemplateStore.UpdateAsync(transaction, changed);
        return changed;
    }

    internal sealed class Rules : Validator<ChangeTemplateRequest>
    {
        public Rules() => RuleFor(r => r.Body).SetValidator(new TemplateChange.Rules());
    }
}
