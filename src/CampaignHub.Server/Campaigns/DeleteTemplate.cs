using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Campaigns;

/// <summary>Removes a template that no campaign uses.</summary>
internal sealed class DeleteTemplate : ApiEndpoint<TemplateRequest, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/templates/{id}");
        Access(Scope.CampaignsWrite);
        Conflicts();
        Summary(s => s.Summary = "Remove a template");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(TemplateRequest request, TenantTransaction transaction)
    {
        if (await TemplateStore.LockAsync(transaction, request.Id) is null)
            return Problems.NotFound("template");
        if (await TemplateStore.FindUserAsync(transaction, request.Id) is { } campaign)
            return Problems.InUse($"The campaign '{campaign}' uses this template.");
        await TemplateStore.DeleteAsync(transaction, request.Id);
        return Answer.NoContent();
    }
}
