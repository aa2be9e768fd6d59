using CampaignHub.Core;
using CampaignHub.Core.Reports;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;

namespace CampaignHub.Server.Reports;

/// <summary>What to break a campaign's report down by.</summary>
public sealed class GetBreakdownRequest : ReportRequest
{
    /// <summary>
    /// The recipients' <c>country</c> or <c>mail_domain</c>; the <c>time_zone</c>, <c>local_hour</c> or <c>local_weekday</c> that
    /// the delivery was planned for; the <c>device</c> or <c>client</c> of opens and clicks.
    /// </summary>
    public string? By { get; set; }
}

/// <summary>
/// Breaks a campaign's report down, read from roll-ups. Of mail domains the 100 with the most accepted are shown, and the others
/// as one in <c>rest</c>. With <c>format=svg</c> as a picture.
/// </summary>
internal sealed class GetBreakdown(FoldedThrough folded) : ApiEndpoint<GetBreakdownRequest, Breakdown>
{
    private static readonly string[] Dimensions = ["country", "time_zone", "mail_domain", "device", "client", "local_hour", "local_weekday"];

    public override void Configure()
    {
        Get("/v1/campaigns/{id}/report/breakdown");
        Access(Scope.ReportsRead);
        AlsoAnswers(CsvWriter.MediaType);
        AlsoAnswers(ReportAnswer.SvgMediaType);
        Polled();
        Summary(s => s.Summary = "Break a campaign's report down");
    }

    protected override async Task<Answer<Breakdown>> AnswerAsync(GetBreakdownRequest request, TenantTransaction transaction)
    {
        if (!await CampaignStore.IsKnownAsync(transaction, request.Id))
            return Problems.NotFound("campaign");
        var breakdown = await ReadAsync(transaction, request.Id, request.By!);
        return ReportAnswer.Of(HttpContext.Request, request.Format, breakdown, breakdown with { AsOf = default },
            ReportTable.Of(breakdown.All, BreakdownEntry.Blank), Draw);
    }

    private static string Draw(Breakdown breakdown) => BreakdownChart.Svg(
        [.. breakdown.Data.Select(e => new BreakdownBar(e.Key ?? "unknown", e.Accepted, e.Opens.Human.Unique, e.Clicks.Human.Unique, e.Opens.Human.Rate))],
        breakdown.By.Replace('_', ' '), inOrder: breakdown.By is "local_hour" or "local_weekday");

    private async Task<Breakdown> ReadAsync(TenantTransaction transaction, Guid campaignId, string by)
    {
        var asOf = await folded.ReadAsync(transaction);
        if (by != "mail_domain")
            return new Breakdown(by, asOf, [.. Ordered(by, await RollupStore.ReadAsync(transaction, campaignId, by)).Select(r => BreakdownEntry.Of(r, by))], null);
        // In this order: what is folded between the two would else be missing in the rest.
        var largest = await RollupStore.LargestDomainsAsync(transaction, campaignId);
        var total = await RollupStore.TotalAsync(transaction, campaignId);
        var shown = largest.Take(RollupStore.ShownDomains).ToList();
        return new Breakdown(by, asOf, [.. shown.Select(r => BreakdownEntry.Of(r, by))],
            largest.Count > RollupStore.ShownDomains ? BreakdownEntry.Of(total.Without(shown), by) : null);
    }

    private static IEnumerable<Rollup> Ordered(string by, IReadOnlyList<Rollup> rollups) =>
        by == "local_weekday" ? rollups.OrderBy(r => WireWords.Parse<Weekday>(r.Key)) : rollups;

    internal sealed class Rules : Validator<GetBreakdownRequest>
    {
        public Rules()
        {
            RuleFor(r => r.By).NotNull().OneOf(Dimensions);
            RuleFor(r => r.Format).OneOf("json", "csv", "svg");
        }
    }
}
