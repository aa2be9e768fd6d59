namespace CampaignHub.Core.Scheduling;

/// <summary>What happens to those whose moment has passed by more than the grace.</summary>
public enum WhenPassed
{
    /// <summary>They get it now.</summary>
    SendNow,

    /// <summary>They get it at the same time of the next day that is still ahead.</summary>
    NextDay,

    /// <summary>They don't get it: their delivery is <c>missed</c>.</summary>
    Skip,
}
