using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Forms;

/// <summary>Removes a form with what was asked and not confirmed: its page and its links are gone. Who has confirmed stays a recipient.</summary>
internal sealed class DeleteForm : ApiEndpoint<FormRequest, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/forms/{id}");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Remove a subscribe form");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(FormRequest request, TenantTransaction transaction) =>
        await FormStore.DeleteAsync(transaction, request.Id) ? Answer.NoContent() : Problems.NotFound("form");
}
