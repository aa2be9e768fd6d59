using CampaignHub.Core.Reports;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>Which days to look at.</summary>
public sealed class GetOverviewRequest
{
    /// <summary>The first day; 29 days before <c>to</c> unless given.</summary>
    public LocalDate? From { get; set; }

    /// <summary>The last day, at most 366 days in all; today unless given.</summary>
    public LocalDate? To { get; set; }

    /// <summary>The IANA zone whose days to show; the tenant's unless given.</summary>
    /// <example>Asia/Kolkata</example>
    public string? TimeZone { get; set; }

    /// <summary><c>json</c> (the default), or <c>csv</c>, which <c>Accept: text/csv</c> asks for too: the days.</summary>
    public string? Format { get; set; }
}

/// <summary>Shows all of a tenant's campaigns over some days: what happened on each, and the campaigns that were launched in them.</summary>
internal sealed class GetOverview(FoldedThrough folded, IClock clock) : ApiEndpoint<GetOverviewRequest, Overview>
{
    private const int MostDays = 366;

    private static readonly LocalDate Oldest = new(2000, 1, 1);
    private static readonly LocalDate Newest = new(2200, 1, 1);

    public override void Configure()
    {
        Get("/v1/reports/overview");
        Access(Scope.ReportsRead);
        AlsoAnswers(CsvWriter.MediaType);
        Polled();
        Summary(s => s.Summary = "Show all campaigns over some days");
    }

    protected override async Task<Answer<Overview>> AnswerAsync(GetOverviewRequest request, TenantTransaction transaction)
    {
        var zone = await ReportZone.FindAsync(transaction, request.TimeZone);
        var to = request.To ?? clock.GetCurrentInstant().InZone(zone).Date;
        if (to < Oldest || to > Newest || request.From < Oldest)
            return Problems.Invalid(to < Oldest || to > Newest ? "to" : "from", "out_of_range", "There are reports of the years 2000 to 2199.");
        var from = request.From ?? to.PlusDays(-29);
        if (from > to)
            return Problems.Invalid("from", "invalid", "from isn't after to.");
        if (Period.DaysBetween(from, to) >= MostDays)
            return Problems.Invalid("from", "out_of_range", $"These are more than {MostDays} days.");
        var overview = await ReadAsync(transaction, from, to, zone, await folded.ReadAsync(transaction));
        return ReportAnswer.Of(HttpContext.Request, request.Format, overview, overview with { AsOf = default }, ReportTable.Of(overview.Data, OverviewDay.Blank));
    }

    private static async Task<Overview> ReadAsync(TenantTransaction transaction, LocalDate from, LocalDate to, DateTimeZone zone, Instant asOf)
    {
        var (first, end) = (CalendarDay.StartFrom(from, zone), CalendarDay.StartFrom(to.PlusDays(1), zone));
        var starts = TimelineBuckets.Between(first, end, TimelineInterval.Day, zone);
        var sums = await RollupStore.SumByTimeAsync(transaction, RollupStore.WholeTenant, starts, end);
        OverviewDay[] days = [.. starts.Select((at, place) => OverviewDay.Of(at, zone, sums[place]))];
        var campaigns = await LaunchedCampaignTotals.BetweenAsync(transaction, first, end);
        return new Overview
        {
            From = from,
            To = to,
            TimeZone = zone.Id,
            AsOf = asOf,
            Total = OverviewTotal.Of(days),
            Data = days,
            Campaigns = [.. campaigns.Select(OverviewCampaign.Of)],
        };
    }

    internal sealed class Rules : Validator<GetOverviewRequest>
    {
        public Rules() => RuleFor(r => r.Format).OneOf("json", "csv");
    }
}
