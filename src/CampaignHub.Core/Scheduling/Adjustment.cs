namespace CampaignHub.Core.Scheduling;

/// <summary>Why a delivery is due at another moment than the clock reading that its rule asks for. One word each: the last that applied.</summary>
public enum Adjustment
{
    /// <summary>Nothing was changed.</summary>
    None,

    /// <summary>The clock skips this reading that day: moved forward by the gap's length.</summary>
    Gap,

    /// <summary>The clock shows this reading twice that day: the earlier one was taken.</summary>
    Overlap,

    /// <summary>The moment had passed: the schedule's <see cref="WhenPassed"/> decided.</summary>
    Passed,

    /// <summary>Moved into the allowed hours.</summary>
    QuietHours,

    /// <summary>Moved to an allowed day.</summary>
    AllowedDays,
}
