using CampaignHub.Core.Scheduling.BestHours;

namespace CampaignHub.Core.Scheduling;

/// <summary>Whose moment is one and the same: a plan is made for each such place and joined to its people.</summary>
/// <param name="TimeZone">Their IANA zone.</param>
/// <param name="HolidayCountry">The country whose holidays they keep; null where holidays don't count or it has none.</param>
/// <param name="Slot">Which part of the window is theirs, from 0; 0 without a window.</param>
public readonly record struct PlanPlace(string TimeZone, string? HolidayCountry = null, int Slot = 0)
{
    /// <summary>The country in all of whose zones the moment must be allowed, since theirs is only guessed; null where it needn't.</summary>
    public string? UnsureCountry { get; init; }

    /// <summary>The hour that was chosen for them, 0 to 23; null where the schedule names the moment.</summary>
    public int? Hour { get; init; }

    /// <summary>How that hour was found.</summary>
    public BestTimeArm? Arm { get; init; }
}
