using CampaignHub.Core;
using CampaignHub.Core.Reports;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>Which stretch of a campaign's time to show, and how it is cut.</summary>
public sealed class GetTimelineRequest : ReportRequest
{
    /// <summary><c>hour</c> (the default) or <c>day</c>.</summary>
    public string? Interval { get; set; }

    /// <summary>The IANA zone whose hours or days to show; the tenant's unless given.</summary>
    /// <example>Asia/Kolkata</example>
    public string? TimeZone { get; set; }

    /// <summary>From the hour or day of this instant on; from the first one in which anything happened unless given.</summary>
    public Instant? From { get; set; }

    /// <summary>Up to this instant, at most 31 days of hours or 366 days after <c>from</c>; to the last in which anything happened, within these bounds, unless given.</summary>
    public Instant? To { get; set; }
}

/// <summary>
/// Shows when deliveries of a campaign were accepted, first opened and first clicked, by hours or days of any zone, over
/// changes of its clocks. With <c>format=svg</c> as a picture.
/// </summary>
internal sealed class GetTimeline(FoldedThrough folded) : ApiEndpoint<GetTimelineRequest, Timeline>
{
    private static readonly Instant Oldest = Instant.FromUtc(2000, 1, 1, 0, 0);
    private static readonly Instant Newest = Instant.FromUtc(2200, 1, 1, 0, 0);

    public override void Configure()
    {
        Get("/v1/campaigns/{id}/report/timeline");
        Access(Scope.ReportsRead);
        AlsoAnswers(CsvWriter.MediaType);
        AlsoAnswers(ReportAnswer.SvgMediaType);
        Polled();
        Summary(s => s.Summary = "Show a campaign over time");
    }

    protected override async Task<Answer<Timeline>> AnswerAsync(GetTimelineRequest request, TenantTransaction transaction)
    {
        if (!await CampaignStore.IsKnownAsync(transaction, request.Id))
            return Problems.NotFound("campaign");
        var interval = WireWords.Parse<TimelineInterval>(request.Interval ?? TimelineInterval.Hour.Word())!.Value;
        var longest = Duration.FromDays(interval == TimelineInterval.Hour ? 31 : 366);
        if (Refuse(request, longest) is { } problem)
            return problem;
        var zone = await ReportZone.FindAsync(transaction, request.TimeZone);
        var timeline = new Timeline
        {
            CampaignId = request.Id,
            Interval = interval.Word(),
            TimeZone = zone.Id,
            AsOf = await folded.ReadAsync(transaction),
            Data = await ReadAsync(transaction, request, interval, longest, zone),
        };
        return ReportAnswer.Of(HttpContext.Request, request.Format, timeline, timeline with { AsOf = default },
            ReportTable.Of(timeline.Data, TimelineEntry.Blank), t => TimelineChart.Svg(
                [.. t.Data.Select(e => new TimelineBar(e.Local, e.Accepted, e.Opens.Human, e.Clicks.Human))], interval, t.TimeZone));
    }

    private static Problem? Refuse(GetTimelineRequest request, Duration longest)
    {
        foreach (var (field, at) in new[] { ("from", request.From), ("to", request.To) })
            if (at < Oldest || at > Newest)
                return Problems.Invalid(field, "out_of_range", "There are reports of the years 2000 to 2199.");
        if (request is not { From: { } from, To: { } to })
            return null;
        return from >= to ? Problems.Invalid("from", "invalid", "from lies before to.")
            : to - from > longest ? Problems.Invalid("to", "out_of_range", $"to lies at most {longest.Days} days after from.")
            : null;
    }

    private static async Task<IReadOnlyList<TimelineEntry>> ReadAsync(
        TenantTransaction transaction, GetTimelineRequest request, TimelineInterval interval, Duration longest, DateTimeZone zone)
    {
        if (await RollupStore.SpanAsync(transaction, request.Id) is not var (first, last))
            return [];
        var to = request.To ?? Instant.Min((request.From ?? first) + longest, last + Duration.FromMinutes(15));
        var from = request.From ?? Instant.Max(first, to - longest);
        var starts = TimelineBuckets.Between(from, to, interval, zone);
        var sums = await RollupStore.SumByTimeAsync(transaction, request.Id, starts, starts.Count == 0 ? to : TimelineBuckets.Next(starts[^1], interval, zone));
        return [.. starts.Select((at, place) => TimelineEntry.Of(at, zone, sums[place]))];
    }

    internal sealed class Rules : Validator<GetTimelineRequest>
    {
        public Rules()
        {
            RuleFor(r => r.Interval).OneOf(WireWords.All<TimelineInterval>());
            RuleFor(r => r.Format).OneOf("json", "csv", "svg");
        }
    }
}
