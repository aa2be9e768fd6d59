using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Inbound;

/// <summary>A delivery, and a page of what came back about it.</summary>
public sealed class ListInboundReportsRequest : PageRequest
{
    /// <summary>The delivery's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Lists what came back by mail about a delivery, oldest first: bounces, complaints, automatic and real answers.</summary>
internal sealed class ListInboundReports(Cursors cursors) : ApiEndpoint<ListInboundReportsRequest, Page<InboundReportView>>
{
    private const string List = "inbound-reports";

    public override void Configure()
    {
        Get("/v1/deliveries/{id}/inbound-reports");
        Access(Scope.CampaignsRead);
        Summary(s => s.Summary = "List what came back about a delivery");
    }

    protected override async Task<Answer<Page<InboundReportView>>> AnswerAsync(ListInboundReportsRequest request, TenantTransaction transaction)
    {
        if (await ReturnedDelivery.FindAsync(transaction, request.Id) is null)
            return Problems.NotFound("delivery");
        var (limit, after) = cursors.Read(request, transaction.TenantId, List);
        var reports = await InboundReportStore.ListAsync(transaction, request.Id, after is null ? null : Guid.Parse(after), limit + 1);
        return cursors.Page(reports, limit, transaction.TenantId, List, report => report.Id.ToString());
    }
}
