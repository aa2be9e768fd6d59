namespace CampaignHub.Core.Scheduling;

/// <summary>The rules by which a campaign's moment is found.</summary>
public enum Strategy
{
    /// <summary>The moment of launch.</summary>
    Now,

    /// <summary>One instant for everyone.</summary>
    Instant,

    /// <summary>A clock reading, in each recipient's own zone.</summary>
    LocalTime,

    /// <summary>Each recipient's own best hour.</summary>
    BestTime,
}
