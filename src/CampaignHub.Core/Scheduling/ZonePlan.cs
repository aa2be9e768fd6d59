using CampaignHub.Core.Scheduling.BestHours;
using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>Whether the people of a zone get the campaign.</summary>
public enum ZoneOutcome
{
    /// <summary>They do.</summary>
    Send,

    /// <summary>Their moment had passed and the schedule skips them.</summary>
    Missed,
}

/// <summary>When the people of one zone get a campaign, and why then.</summary>
/// <param name="TimeZone">The IANA zone.</param>
/// <param name="Local">
/// What the clock there shows at the moment that the rule asks for; this is what a plan freezes. It stays when the
/// moment has passed and the message goes out later the same day. Null only for <c>now</c> before launch.
/// </param>
/// <param name="DueAt">
/// The instant at which they get it; for a missed zone the instant at which they would have.
/// Null only for <c>now</c> before launch.
/// </param>
/// <param name="Adjustment">Why <paramref name="DueAt"/> isn't simply the rule's own reading.</param>
/// <param name="Outcome">Sent or missed.</param>
public sealed record ZonePlan(
    string TimeZone, LocalDateTime? Local, Instant? DueAt, Adjustment Adjustment, ZoneOutcome Outcome = ZoneOutcome.Send)
{
    /// <summary>The country whose holidays count, where any do.</summary>
    public string? HolidayCountry { get; init; }

    /// <summary>The part of the window, from 0; the zone's own moment is that of part 0.</summary>
    public int Slot { get; init; }

    /// <inheritdoc cref="PlanPlace.UnsureCountry"/>
    public string? UnsureCountry { get; init; }

    /// <inheritdoc cref="PlanPlace.Hour"/>
    public int? Hour { get; init; }

    /// <inheritdoc cref="PlanPlace.Arm"/>
    public BestTimeArm? Arm { get; init; }

    /// <summary>What became of the moment if it had passed. It stays visible when something else moved the zone afterwards.</summary>
    public PassedOutcome? Passed { get; init; }

    /// <summary>Whose plan this is.</summary>
    public PlanPlace Place => new(TimeZone, HolidayCountry, Slot) { UnsureCountry = UnsureCountry, Hour = Hour, Arm = Arm };
}
