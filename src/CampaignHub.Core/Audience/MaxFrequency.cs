using CampaignHub.Core.Scheduling;
using NodaTime;

namespace CampaignHub.Core.Audience;

/// <summary>How often a person wants to be mailed at most.</summary>
public enum MaxFrequency
{
    /// <summary>One mail a day.</summary>
    Daily,

    /// <summary>One mail in seven days.</summary>
    Weekly,
}

/// <summary>
/// Days are those of the person's own calendar, today among them: a mail that comes every morning at ten is one a day, though now and then
/// less than 24 hours lie between two.
/// </summary>
public static class MaxFrequencies
{
    /// <summary>Since when somebody mustn't have been mailed, to be mailed now.</summary>
    /// <param name="frequency">What they wish.</param>
    /// <param name="now">The moment of sending.</param>
    /// <param name="zone">Whose days count.</param>
    public static Instant Since(this MaxFrequency frequency, Instant now, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return CalendarDay.StartFrom(now.InZone(zone).Date.PlusDays(frequency == MaxFrequency.Daily ? 0 : -6), zone);
    }
}
