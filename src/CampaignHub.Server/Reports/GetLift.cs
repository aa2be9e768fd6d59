using System.Globalization;
using CampaignHub.Core;
using CampaignHub.Core.Reports;
using CampaignHub.Core.Scheduling.BestHours;
using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>What the best hour of each has gained.</summary>
public sealed class GetLiftRequest : ReportRequest;

/// <summary>What the best hour of each has gained over the fixed one, by people who were held out by chance.</summary>
/// <param name="AsOf">Everything that was received before this instant is counted.</param>
/// <param name="BestTime">Those who got an hour of their own: learned or explored.</param>
/// <param name="Holdout">Those who got the fixed hour.</param>
/// <param name="Opens">The difference in human opens.</param>
/// <param name="Clicks">The difference in human clicks.</param>
public sealed record LiftReport(Instant AsOf, LiftArm BestTime, LiftArm Holdout, LiftGain Opens, LiftGain Clicks);

/// <summary>One of two groups that chance made.</summary>
/// <param name="Accepted">Deliveries that a relay accepted.</param>
/// <param name="Opened">Of them, those that a human opened first within 24 hours.</param>
/// <param name="Clicked">Of them, those that a human clicked first within 24 hours.</param>
public sealed record LiftArm(long Accepted, long Opened, long Clicked)
{
    internal static LiftArm Of(IEnumerable<Rollup> rollups) => rollups.Aggregate(
        new LiftArm(0, 0, 0),
        (sum, r) => new LiftArm(
            sum.Accepted + r.Accepted, sum.Opened + r.Unique(HitKind.Open, HitView.Human), sum.Clicked + r.Unique(HitKind.Click, HitView.Human)));
}

/// <summary>A difference between the two, in shares of deliveries.</summary>
/// <param name="Difference">Share with an hour of their own less that of those held out: −1 to 1.</param>
/// <param name="From">The lower end of its 95 % interval (Newcombe 1998, method 10).</param>
/// <param name="To">The upper end.</param>
/// <param name="Known">False while the interval holds zero: then it may as well be nothing.</param>
/// <param name="Sentence">The same for a person to read.</param>
public sealed record LiftGain(double Difference, double From, double To, bool Known, string Sentence)
{
    internal static LiftGain Of(Proportion bestTime, Proportion holdout, string what)
    {
        var gain = new ProportionGain(bestTime, holdout);
        var (from, to) = gain.Interval();
        var interval = string.Create(CultureInfo.InvariantCulture, $"between {100 * from:+0.0;−0.0;0.0} and {100 * to:+0.0;−0.0;0.0} percentage points");
        return new LiftGain(gain.Difference, from, to, gain.IsKnown, gain.IsKnown
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * gain.Difference:+0.0;−0.0;0.0} percentage points of {what}, {interval}")
            : $"not yet known: {interval} of {what}");
    }
}

/// <summary>
/// Shows what the best hour of each has gained: human opens and clicks within 24 hours, of those who got an hour of their own beside
/// those who were held out by chance. Only of campaigns with the strategy <c>best_time</c>.
/// </summary>
internal sealed class GetLift(FoldedThrough folded) : ApiEndpoint<GetLiftRequest, LiftReport>
{
    public override void Configure()
    {
        Get("/v1/campaigns/{id}/report/lift");
        Access(Scope.ReportsRead);
        AlsoAnswers(CsvWriter.MediaType);
        Polled();
        Summary(s => s.Summary = "Show what the best hour of each has gained");
    }

    protected override async Task<Answer<LiftReport>> AnswerAsync(GetLiftRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.FindAsync(transaction, request.Id) is not { } campaign)
            return Problems.NotFound("campaign");
        if (campaign.Schedule is not Core.Scheduling.BestTimeSchedule)
            return Problems.NotFound("lift: the strategy of the campaign is not best_time");
        var asOf = await folded.ReadAsync(transaction);
        var arms = (await RollupStore.ReadAsync(transaction, request.Id, "arm")).ToLookup(r => r.Key == BestTimeArm.Holdout.Word());
        var (bestTime, holdout) = (LiftArm.Of(arms[false]), LiftArm.Of(arms[true]));
        var report = new LiftReport(
            asOf, bestTime, holdout,
            LiftGain.Of(new(bestTime.Opened, bestTime.Accepted), new(holdout.Opened, holdout.Accepted), "human opens"),
            LiftGain.Of(new(bestTime.Clicked, bestTime.Accepted), new(holdout.Clicked, holdout.Accepted), "human clicks"));
        return ReportAnswer.Of(HttpContext.Request, request.Format, report, report with { AsOf = default }, ReportTable.Of([report], report));
    }

    internal sealed class Rules : Validator<GetLiftRequest>
    {
        public Rules() => RuleFor(r => r.Format).OneOf("json", "csv");
    }
}
