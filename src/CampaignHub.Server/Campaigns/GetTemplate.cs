using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Campaigns;

/// <summary>Names a template.</summary>
public sealed class TemplateRequest
{
    /// <summary>The template's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Shows a template.</summary>
internal sealed class GetTemplate : ApiEndpoint<TemplateRequest, Template>
{
    public override void Configure()
    {
        Get("/v1/templates/{id}");
        Access(Scope.CampaignsRead);
        Summary(s => s.Summary = "Show a template");
    }

    protected override async Task<Answer<Template>> AnswerAsync(TemplateRequest request, TenantTransaction transaction) =>
        await TemplateStore.FindAsync(transaction, request.Id) is { } template ? template : Problems.NotFound("template");
}
