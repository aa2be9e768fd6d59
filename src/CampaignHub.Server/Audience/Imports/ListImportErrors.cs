using System.Globalization;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>A page of an import's errors.</summary>
public sealed class ListImportErrorsRequest : PageRequest
{
    /// <summary>The import's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Lists the rows of an import that became no recipient, in the file's order; the first 10,000 are kept.</summary>
internal sealed class ListImportErrors(Cursors cursors) : ApiEndpoint<ListImportErrorsRequest, Page<ImportError>>
{
    public override void Configure()
    {
        Get("/v1/imports/{id}/errors");
        Access(Scope.AudienceRead);
        Summary(s => s.Summary = "List the rows of an import that became no recipient");
    }

    protected override async Task<Answer<Page<ImportError>>> AnswerAsync(ListImportErrorsRequest request, TenantTransaction transaction)
    {
        var list = $"import-errors/{request.Id}";
        var (limit, after) = cursors.Read(request, transaction.TenantId, list);
        if (await ImportStore.FindAsync(transaction, request.Id) is null)
            return Problems.NotFound("import");
        var errors = await ImportStore.ListErrorsAsync(
            transaction, request.Id, after is null ? 0 : long.Parse(after, CultureInfo.InvariantCulture), limit + 1);
        return cursors.Page(errors, limit, transaction.TenantId, list, e => e.Row.ToString(CultureInfo.InvariantCulture));
    }
}
