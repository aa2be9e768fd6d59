using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>The hours of a day at which mail may arrive, by the recipient's own clock.</summary>
/// <param name="From">The first moment that is allowed.</param>
/// <param name="To">The first that no longer is. Before <paramref name="From"/>: the hours go over midnight. Never equal to it.</param>
public readonly record struct AllowedHours(LocalTime From, LocalTime To)
{
    /// <summary>How long they last on a day without a change of the clock.</summary>
    public Duration Length => Duration.FromNanoseconds(
        (To.NanosecondOfDay - From.NanosecondOfDay + NodaConstants.NanosecondsPerDay) % NodaConstants.NanosecondsPerDay);

    private bool GoOverMidnight => To < From;

    /// <summary>Whether the clock shows an allowed time.</summary>
    public bool Contains(LocalTime time) => GoOverMidnight ? time >= From || time < To : time >= From && time < To;

    /// <summary>This time or the first allowed one after it on the same day; null where the day has none left.</summary>
    internal LocalTime? FirstFrom(LocalTime time) => Contains(time) ? time : time < From ? From : null;
}
