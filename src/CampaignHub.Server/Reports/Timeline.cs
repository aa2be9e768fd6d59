using CampaignHub.Core.Tracking;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>What happened to a campaign, hour by hour or day by day.</summary>
public sealed record Timeline
{
    /// <summary>The campaign.</summary>
    public Guid CampaignId { get; init; }

    /// <summary><c>hour</c> or <c>day</c>.</summary>
    public string Interval { get; init; } = "";

    /// <summary>The zone whose hours or days these are.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>Everything that was received before this instant is counted.</summary>
    public Instant AsOf { get; init; }

    /// <summary>
    /// Every hour or day from the first to the last that was asked for, those in which nothing happened too; none before
    /// anything has. A day on which clocks change has 23 or 25 hours.
    /// </summary>
    public IReadOnlyList<TimelineEntry> Data { get; init; } = [];
}

/// <summary>An hour or day of a campaign.</summary>
/// <param name="At">Its beginning.</param>
/// <param name="Local">What clocks in the zone show then. Where they are set back, an hour comes twice.</param>
/// <param name="Accepted">Deliveries that a relay accepted in it.</param>
/// <param name="Opens">Deliveries that were first opened in it, in each view.</param>
/// <param name="Clicks">Deliveries that were first clicked in it, in each view.</param>
/// <param name="Unsubscribes">Deliveries from which somebody unsubscribed in it.</param>
/// <param name="Bounces">Messages that came back in it.</param>
/// <param name="Complaints">Deliveries that were complained about in it.</param>
/// <param name="Replies">Replies that people wrote in it.</param>
public sealed record TimelineEntry(
    Instant At, LocalDateTime Local, long Accepted, UniqueCounts Opens, UniqueCounts Clicks, long Unsubscribes, BounceCounts Bounces, long Complaints, long Replies)
{
    internal static readonly TimelineEntry Blank = Of(default, DateTimeZone.Utc, new Rollup());

    internal static TimelineEntry Of(Instant at, DateTimeZone zone, Rollup counters) => new(
        at, at.InZone(zone).LocalDateTime, counters.Accepted,
        UniqueCounts.Of(counters, HitKind.Open), UniqueCounts.Of(counters, HitKind.Click), counters.Unsubscribes,
        new BounceCounts(counters.BouncesHard, counters.BouncesSoft), counters.Complaints, counters.Replies);
}
