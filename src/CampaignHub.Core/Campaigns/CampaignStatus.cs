namespace CampaignHub.Core.Campaigns;

/// <summary>Where a campaign stands. Only <see cref="CampaignLifecycle"/> says how it gets from one to another.</summary>
public enum CampaignStatus
{
    /// <summary>Being written; anything may change.</summary>
    Draft,

    /// <summary>Who gets it, and at which local time, is frozen; not launched.</summary>
    Planned,

    /// <summary>Launched; its first wave is still ahead.</summary>
    Scheduled,

    /// <summary>At least one wave has opened.</summary>
    Sending,

    /// <summary>Held by a person: nothing new is sent until a person resumes it.</summary>
    Paused,

    /// <summary>Final: no delivery is left to do.</summary>
    Finished,

    /// <summary>Final: given up by a person; what was not sent never will be.</summary>
    Cancelled,
}
