using System.Globalization;
using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>A campaign's links.</summary>
public sealed class GetLinksRequest : ReportRequest;

/// <summary>The links of a campaign.</summary>
/// <param name="AsOf">Everything that was received before this instant is counted.</param>
/// <param name="Data">Each link in the content's order, those that nobody has clicked too.</param>
public sealed record LinksReport(Instant AsOf, IReadOnlyList<LinkEntry> Data);

/// <summary>A link of a campaign.</summary>
/// <param name="Index">Its place in the content, from 0.</param>
/// <param name="Url">Where it leads, as its author wrote it: of one that differs for each person, the template.</param>
/// <param name="Clicks">Clicks on it; <c>unique</c> counts deliveries in which it was clicked, rates are of what was delivered in all.</param>
public sealed record LinkEntry(int Index, string Url, HitViewCounts Clicks);

/// <summary>Shows how often each link of a campaign was clicked, and by how many deliveries. Who clicks two links counts for both.</summary>
internal sealed class GetLinks(FoldedThrough folded) : ApiEndpoint<GetLinksRequest, LinksReport>
{
    private static readonly LinkEntry Blank = new(0, "", HitViewCounts.Of(new Rollup(), HitKind.Click, 0));

    public override void Configure()
    {
        Get("/v1/campaigns/{id}/report/links");
        Access(Scope.ReportsRead);
        AlsoAnswers(CsvWriter.MediaType);
        Polled();
        Summary(s => s.Summary = "Show a campaign's links");
    }

    protected override async Task<Answer<LinksReport>> AnswerAsync(GetLinksRequest request, TenantTransaction transaction)
    {
        if (!await CampaignStore.IsKnownAsync(transaction, request.Id))
            return Problems.NotFound("campaign");
        var asOf = await folded.ReadAsync(transaction);
        var clicked = (await RollupStore.ReadAsync(transaction, request.Id, "link")).ToDictionary(r => int.Parse(r.Key, CultureInfo.InvariantCulture));
        var delivered = (await RollupStore.TotalAsync(transaction, request.Id)).Delivered;
        var links = await transaction.QueryAsync<(int Index, string Url)>("""
            SELECT link_index, url FROM campaign_links WHERE tenant_id = @TenantId AND campaign_id = @Id ORDER BY link_index
            """, new { transaction.TenantId, request.Id });
        var report = new LinksReport(asOf, [.. links.Select(link => new LinkEntry(
            link.Index, link.Url, HitViewCounts.Of(clicked.GetValueOrDefault(link.Index) ?? new Rollup(), HitKind.Click, delivered)))]);
        return ReportAnswer.Of(HttpContext.Request, request.Format, report, report with { AsOf = default }, ReportTable.Of(report.Data, Blank));
    }

    internal sealed class Rules : Validator<GetLinksRequest>
    {
        public Rules() => RuleFor(r => r.Format).OneOf("json", "csv");
    }
}
