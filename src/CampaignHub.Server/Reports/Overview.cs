using CampaignHub.Core.Reports;
using CampaignHub.Core.Tracking;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>What happened to all of a tenant's campaigns in some days.</summary>
public sealed record Overview
{
    /// <summary>The first day.</summary>
    public LocalDate From { get; init; }

    /// <summary>The last day.</summary>
    public LocalDate To { get; init; }

    /// <summary>The zone whose days these are.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>Everything that was received before this instant is counted.</summary>
    public Instant AsOf { get; init; }

    /// <summary>What happened in these days, to whichever campaign.</summary>
    public required OverviewTotal Total { get; init; }

    /// <summary>Every day, those on which nothing happened too.</summary>
    public IReadOnlyList<OverviewDay> Data { get; init; } = [];

    /// <summary>The campaigns that were launched in these days, the last one first, 200 at the most.</summary>
    public IReadOnlyList<OverviewCampaign> Campaigns { get; init; } = [];
}

/// <summary>What happened in some days.</summary>
/// <param name="Accepted">Deliveries that a relay accepted.</param>
/// <param name="Opens">Deliveries that were first opened then, in each view.</param>
/// <param name="Clicks">Deliveries that were first clicked then, in each view.</param>
/// <param name="Unsubscribes">Deliveries from which somebody unsubscribed.</param>
/// <param name="Bounces">Messages that came back.</param>
/// <param name="BounceRate">Bounces ÷ accepted, both of these days, 4 decimals; null where nothing was accepted.</param>
/// <param name="Complaints">Deliveries that were complained about.</param>
/// <param name="Replies">Replies that people wrote.</param>
public sealed record OverviewTotal(
    long Accepted, UniqueCounts Opens, UniqueCounts Clicks, long Unsubscribes, BounceCounts Bounces, decimal? BounceRate, long Complaints, long Replies)
{
    internal static OverviewTotal Of(IReadOnlyList<OverviewDay> days)
    {
        var (accepted, bounces) = (days.Sum(d => d.Accepted), new BounceCounts(days.Sum(d => d.Bounces.Hard), days.Sum(d => d.Bounces.Soft)));
        return new OverviewTotal(
            accepted, Sum(days, d => d.Opens), Sum(days, d => d.Clicks), days.Sum(d => d.Unsubscribes), bounces,
            Rates.Of(bounces.Hard + bounces.Soft, accepted), days.Sum(d => d.Complaints), days.Sum(d => d.Replies));
    }

    private static UniqueCounts Sum(IReadOnlyList<OverviewDay> days, Func<OverviewDay, UniqueCounts> of) =>
        new(days.Sum(d => of(d).All), days.Sum(d => of(d).WithoutPrivacyProxies), days.Sum(d => of(d).Human));
}

/// <summary>What happened on a day.</summary>
/// <param name="Date">The day in the zone.</param>
/// <param name="At">Its beginning.</param>
/// <param name="Accepted">Deliveries that a relay accepted.</param>
/// <param name="Opens">Deliveries that were first opened then, in each view.</param>
/// <param name="Clicks">Deliveries that were first clicked then, in each view.</param>
/// <param name="Unsubscribes">Deliveries from which somebody unsubscribed.</param>
/// <param name="Bounces">Messages that came back then.</param>
/// <param name="BounceRate">Those ÷ what was accepted on that day, 4 decimals; null where nothing was.</param>
/// <param name="Complaints">Deliveries that were complained about then.</param>
/// <param name="Replies">Replies that people wrote then.</param>
public sealed record OverviewDay(
    LocalDate Date, Instant At, long Accepted, UniqueCounts Opens, UniqueCounts Clicks, long Unsubscribes, BounceCounts Bounces, decimal? BounceRate,
    long Complaints, long Replies)
{
    internal static readonly OverviewDay Blank = Of(default, DateTimeZone.Utc, new Rollup());

    internal static OverviewDay Of(Instant at, DateTimeZone zone, Rollup counters) => new(
        at.InZone(zone).Date, at, counters.Accepted, UniqueCounts.Of(counters, HitKind.Open), UniqueCounts.Of(counters, HitKind.Click), counters.Unsubscribes,
        new BounceCounts(counters.BouncesHard, counters.BouncesSoft), counters.Rates.Bounce, counters.Complaints, counters.Replies);
}

/// <summary>A campaign with all that has become of it by now.</summary>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Name">Its name.</param>
/// <param name="LaunchedAt">When it was launched.</param>
/// <param name="Accepted">Deliveries that a relay accepted.</param>
/// <param name="Delivered">Accepted − bounced.</param>
/// <param name="Opens">Opens.</param>
/// <param name="Clicks">Clicks.</param>
/// <param name="Unsubscribes">Deliveries from which somebody unsubscribed.</param>
/// <param name="Rates">Its rates.</param>
public sealed record OverviewCampaign(
    Guid CampaignId, string Name, Instant LaunchedAt, long Accepted, long Delivered, HitViewCounts Opens, HitViewCounts Clicks, long Unsubscribes, ReportRates Rates)
{
    internal static OverviewCampaign Of(LaunchedTotal campaign) => new(
        campaign.CampaignId, campaign.Name, campaign.LaunchedAt, campaign.Counters.Accepted, campaign.Counters.Delivered,
        HitViewCounts.Of(campaign.Counters, HitKind.Open, campaign.Counters.Delivered),
        HitViewCounts.Of(campaign.Counters, HitKind.Click, campaign.Counters.Delivered), campaign.Counters.Unsubscribes,
        ReportRates.Of(campaign.Counters.Rates));
}
