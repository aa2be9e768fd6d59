using CampaignHub.Core.Scheduling.BestHours;
using NodaTime;

namespace CampaignHub.Server.Scheduling.BestHours;

/// <summary>When a person got a message, and when they read it: what their best hour is learned from.</summary>
public sealed record PersonReading
{
    /// <summary>The day on which it came, by their own calendar.</summary>
    public LocalDate Date { get; init; }

    /// <summary>The hour at which it came, by their own clock: 0 to 23.</summary>
    public int Hour { get; init; }

    /// <summary>Whole hours until they opened it or clicked, 0 to 23; null: within a day they did neither.</summary>
    public int? DelayHours { get; init; }

    /// <summary>Whether they clicked within a day.</summary>
    public bool Clicked { get; init; }

    internal static PersonReading Of(Reading reading) =>
        new() { Date = HourEvidence.DateOf(reading.Day), Hour = reading.Hour, DelayHours = reading.Delay, Clicked = reading.Clicked };
}
