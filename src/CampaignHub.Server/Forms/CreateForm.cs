using CampaignHub.Core;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>A subscribe form to make.</summary>
public sealed class CreateFormRequest
{
    [FromBody]
    public FormDraft Body { get; set; } = new();
}

/// <summary>
/// Makes a subscribe form: a page at <c>url</c>, which <c>embed_html</c> shows inside of a page of yours. Who fills it in is mailed a
/// link, and becomes a recipient with a granted consent once they confirm (double opt-in).
/// </summary>
internal sealed class CreateForm(PublicUrl url, IClock clock) : ApiEndpoint<CreateFormRequest, FormView>
{
    public override void Configure()
    {
        Post("/v1/forms");
        Access(Scope.SettingsWrite);
        Answers(201);
        Summary(s => s.Summary = "Make a subscribe form");
    }

    protected override async Task<Answer<FormView>> AnswerAsync(CreateFormRequest request, TenantTransaction transaction)
    {
        var now = clock.GetCurrentInstant();
        List<FieldError> errors = [];
        var form = await request.Body.ApplyToAsync(transaction, new Form { FormId = Guid.CreateVersion7(), CreatedAt = now }, now, errors);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        await FormStore.InsertAsync(transaction, form);
        return Answer.Created(FormView.Of(form, url.Value), $"/v1/forms/{form.FormId}");
    }

    internal sealed class Rules : Validator<CreateFormRequest>
    {
        public Rules() => RuleFor(r => r.Body).SetValidator(new FormDraft.DraftRules());
    }
}
