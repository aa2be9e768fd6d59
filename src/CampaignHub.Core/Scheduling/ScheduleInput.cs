namespace CampaignHub.Core.Scheduling;

/// <summary>A campaign's <c>schedule</c> as JSON carries it: not yet judged. An absent field and a null are the same.</summary>
public sealed record ScheduleInput
{
    /// <summary><c>now</c>, <c>instant</c>, <c>local_time</c> or <c>best_time</c>; required.</summary>
    public string? Strategy { get; init; }

    /// <summary>For <c>instant</c>, required: RFC 3339 in UTC, <c>2026-11-27T09:00:00Z</c>, years 2000 to 2200, microseconds at most.</summary>
    public string? At { get; init; }

    /// <summary>For <c>local_time</c> and <c>best_time</c>: <c>yyyy-MM-dd</c>, years 2000 to 2200; absent: the next such time for each.</summary>
    public string? Date { get; init; }

    /// <summary>
    /// For <c>local_time</c>, required: <c>HH:mm</c>, 00:00 to 23:59. For <c>best_time</c>: the full hour of those held out, and of
    /// everybody while nothing is known; 10:00 unless given, or the first allowed hour after it.
    /// </summary>
    public string? Time { get; init; }

    /// <summary>For <c>best_time</c>: how many in a hundred get the hour of <c>time</c>, by chance, so that the gain can be measured: 0 to 50; 10 by default.</summary>
    public int? Holdout { get; init; }

    /// <summary>For <c>best_time</c>: how many in a hundred get an hour that may be better and has seldom been tried: 0 to 50; 5 by default.</summary>
    public int? Explore { get; init; }

    /// <summary>An IANA zone for recipients who have none; absent: the tenant's.</summary>
    public string? FallbackTimeZone { get; init; }

    /// <summary>For all but <c>now</c>: <c>send_now</c>, <c>next_day</c> (the default) or <c>skip</c>.</summary>
    public string? WhenPassed { get; init; }

    /// <summary>For all but <c>now</c>: an ISO 8601 duration from PT0S to P7D, without years, months or fractions; PT1H by default.</summary>
    public string? Grace { get; init; }

    /// <summary>When it may arrive, by the recipient's own clock; absent: at any hour. <c>best_time</c> needs them. What falls outside moves to their next beginning.</summary>
    public AllowedHoursInput? AllowedHours { get; init; }

    /// <summary>
    /// The days of the recipient's own week on which it may arrive, of <c>mon</c> to <c>sun</c>, at least one; holidays of the
    /// recipient's country are left out. Absent: every day. What falls on another day moves to the same time of the next allowed one.
    /// </summary>
    public string[]? AllowedDays { get; init; }

    /// <summary>An ISO 8601 duration in whole minutes, PT1M to PT12H, over which people are spread evenly, each at the same place every time; absent: all at once.</summary>
    public string? Window { get; init; }

    /// <summary>How many messages an hour may be sent at most, 1 to 10,000,000, spread evenly over the hour and counted over all nodes; absent: as many as the relays take.</summary>
    public int? Rate { get; init; }

    /// <summary>
    /// What is done with people whose zone is only guessed, from a country with several: <c>most_populous</c> (the default) takes
    /// the country's most populous zone; <c>safe</c> waits until <c>allowed_hours</c>, which it needs, have come in every zone of the
    /// country; <c>skip</c> leaves them out.
    /// </summary>
    public string? UnsureZone { get; init; }

    /// <summary>How often a person is mailed at most; absent: as the tenant's cap says. To lift that for one campaign, name a large number of messages.</summary>
    public FrequencyCapInput? FrequencyCap { get; init; }
}

/// <summary>Hours of the day by the recipient's own clock.</summary>
public sealed record AllowedHoursInput
{
    /// <summary>The first moment that is allowed, <c>HH:mm</c>; required.</summary>
    /// <example>08:00</example>
    public string? From { get; init; }

    /// <summary>The first that no longer is, <c>HH:mm</c>; before <c>from</c>: the hours go over midnight. Required.</summary>
    /// <example>21:00</example>
    public string? To { get; init; }
}
