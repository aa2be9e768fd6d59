using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Forms;

/// <summary>Names a form.</summary>
public sealed class FormRequest
{
    /// <summary>The form's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Shows a subscribe form, and how many have filled it in and confirmed.</summary>
internal sealed class GetForm(PublicUrl url) : ApiEndpoint<FormRequest, FormView>
{
    public override void Configure()
    {
        Get("/v1/forms/{id}");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "Show a subscribe form");
    }

    protected override async Task<Answer<FormView>> AnswerAsync(FormRequest request, TenantTransaction transaction) =>
        await FormStore.FindAsync(transaction, request.Id) is { } form ? FormView.Of(form, url.Value) : Problems.NotFound("form");
}
