namespace CampaignHub.Core.Scheduling;

/// <summary>What became of a moment that had passed.</summary>
public enum PassedOutcome
{
    /// <summary>Sent at once: late by no more than the grace, or the schedule says so.</summary>
    AtOnce,

    /// <summary>Moved to a later day.</summary>
    NextDay,

    /// <summary>Skipped: nothing is sent.</summary>
    Missed,
}
