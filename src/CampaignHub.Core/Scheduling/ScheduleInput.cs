namespace CampaignHub.Core.Scheduling;

/// <summary>A campaign's <c>schedule</c> as JSON carries it: not yet judged. An absent field and a null are the same.</summary>
public sealed record ScheduleInput
{
    /// <summary><c>now</c>, <c>instant</c> or <c>local_time</c>; required.</summary>
    public string? Strategy { get; init; }

    /// <summary>For <c>instant</c>, required: RFC 3339 in UTC, <c>2026-11-27T09:00:00Z</c>, years 2000 to 2200, microseconds at most.</summary>
    public string? At { get; init; }

    /// <summary>For <c>local_time</c>: <c>yyyy-MM-dd</c>, years 2000 to 2200; absent: the next such time for each.</summary>
    public string? Date { get; init; }

    /// <summary>For <c>local_time</c>, required: <c>HH:mm</c>, 00:00 to 23:59.</summary>
    public string? Time { get; init; }

    /// <summary>An IANA zone for recipients who have none; absent: the tenant's.</summary>
    public string? FallbackTimeZone { get; init; }

    /// <summary>For <c>instant</c> and <c>local_time</c>: <c>send_now</c>, <c>next_day</c> (the default) or <c>skip</c>.</summary>
    public string? WhenPassed { get; init; }

    /// <summary>For <c>instant</c> and <c>local_time</c>: an ISO 8601 duration from PT0S to P7D, without years, months or fractions; PT1H by default.</summary>
    public string? Grace { get; init; }
}
