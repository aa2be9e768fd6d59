using NodaTime;

namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>What became of one message to a person within a day: the hour at which it came, and the hour at which they read it, if they did.</summary>
/// <param name="Day">The day on which it came, by the recipient's calendar: days since 2000-01-01.</param>
/// <param name="Hour">The hour at which it came, by the recipient's clock: 0 to 23.</param>
/// <param name="Delay">Whole hours until a human opened or clicked it first, 0 to 23; null: within a day nobody did.</param>
/// <param name="Clicked">Whether a human clicked in it within a day.</param>
public readonly record struct Reading(int Day, int Hour, int? Delay, bool Clicked)
{
    /// <summary>How many of a person's are kept, the newest: 4 bytes each, under 200 bytes a person with all that PostgreSQL adds.</summary>
    public const int MostKept = 40;

    /// <summary>What stands for a message that wasn't read in <see cref="Code"/>: more than any delay, so that of two the lesser counts.</summary>
    public const int Unread = 31;

    /// <summary>One whole number: the hour since 2000-01-01 × 64 + delay × 2 + 1 if clicked. Those of later hours are greater.</summary>
    public int Code => (Day * 24 + Hour) * 64 + (Delay ?? Unread) * 2 + (Clicked ? 1 : 0);

    /// <summary>What became of a message, as far as one event tells.</summary>
    /// <param name="sentAt">When it was handed over.</param>
    /// <param name="readAt">When a human opened or clicked it; null where the event isn't that.</param>
    /// <param name="clicked">Whether they clicked.</param>
    /// <param name="zone">The zone that it was planned in.</param>
    public static Reading Of(Instant sentAt, Instant? readAt, bool clicked, DateTimeZone zone)
    {
        var local = sentAt.InZone(zone).LocalDateTime;
        var delay = readAt is { } at ? Math.Max(0, (int)Math.Floor((at - sentAt).TotalHours)) : Unread;
        var isRead = delay < Attention.Hours;
        return new Reading(HourEvidence.DayNumber(local.Date), local.Hour, isRead ? delay : null, isRead && clicked);
    }

    /// <summary>From what <see cref="Code"/> gave.</summary>
    public static Reading FromCode(int code)
    {
        var (hours, delay) = (code >> 6, (code >> 1) & 31);
        return new Reading(hours / 24, hours % 24, delay == Unread ? null : delay, (code & 1) == 1);
    }
}
