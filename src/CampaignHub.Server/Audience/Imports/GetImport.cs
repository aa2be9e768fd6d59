using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>An import to look at.</summary>
public sealed class GetImportRequest
{
    /// <summary>The import's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Shows an import, with how far it has come.</summary>
internal sealed class GetImport : ApiEndpoint<GetImportRequest, Import>
{
    public override void Configure()
    {
        Get("/v1/imports/{id}");
        Access(Scope.AudienceRead);
        Summary(s => s.Summary = "Show an import and its progress");
    }

    protected override async Task<Answer<Import>> AnswerAsync(GetImportRequest request, TenantTransaction transaction) =>
        await ImportStore.FindAsync(transaction, request.Id) is { } import ? import.ToImport() : Problems.NotFound("import");
}
