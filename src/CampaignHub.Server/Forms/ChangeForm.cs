using CampaignHub.Core;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>A form and what to change of it.</summary>
public sealed class ChangeFormRequest
{
    /// <summary>The form's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public FormChange Body { get; set; } = new();
}

/// <summary>Changes a form. Who was asked already agrees to the wording that they were shown.</summary>
internal sealed class ChangeForm(PublicUrl url, IClock clock) : ApiEndpoint<ChangeFormRequest, FormView>
{
    public override void Configure()
    {
        Patch("/v1/forms/{id}");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Change a subscribe form");
    }

    protected override async Task<Answer<FormView>> AnswerAsync(ChangeFormRequest request, TenantTransaction transaction)
    {
        if (await FormStore.LockAsync(transaction, request.Id) is not { } form)
            return Problems.NotFound("form");
        List<FieldError> errors = [];
        var changed = await request.Body.ApplyToAsync(transaction, form, clock.GetCurrentInstant(), errors);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        await FormStore.UpdateAsync(transaction, changed);
        return FormView.Of(changed, url.Value);
    }

    internal sealed class Rules : Validator<ChangeFormRequest>
    {
        public Rules() => RuleFor(r => r.Body).SetValidator(new FormChange.Rules());
    }
}
