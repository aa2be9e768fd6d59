using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>A template to make.</summary>
public sealed class CreateTemplateRequest
{
    [FromBody]
    public TemplateDraft Body { get; set; } = new();
}

/// <summary>The fields of a new template.</summary>
public sealed class TemplateDraft : TemplateChange;

/// <summary>Makes a template.</summary>
internal sealed class CreateTemplate(IClock clock) : ApiEndpoint<CreateTemplateRequest, Template>
{
    public override void Configure()
    {
        Post("/v1/templates");
        Access(Scope.CampaignsWrite);
        Answers(201);
        Summary(s => s.Summary = "Make a template");
    }

    protected override async Task<Answer<Template>> AnswerAsync(CreateTemplateRequest request, TenantTransaction transaction)
    {
        var now = clock.GetCurrentInstant();
        var template = request.Body.ApplyTo(new Template { Id = Guid.CreateVersion7(), CreatedAt = now, UpdatedAt = now });
        var faults = ContentFaults.Of(template.Subject, template.Html, template.Text).ToList();
        if (faults.Count > 0)
            return Problems.Invalid(faults);
        await TemplateStore.InsertAsync(transaction, template);
        return Answer.Created(template, $"/v1/templates/{template.Id}");
    }

    internal sealed class Rules : Validator<CreateTemplateRequest>
    {
        public Rules()
        {
            RuleFor(r => r.Body.Name.Value).NotEmpty().MaximumLength(200);
            RuleFor(r => r.Body.Html.Value).NotEmpty();
            RuleFor(r => r.Body).SetValidator(new TemplateChange.Rules());
        }
    }
}
