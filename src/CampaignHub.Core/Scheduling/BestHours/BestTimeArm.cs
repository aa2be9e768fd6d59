namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>How a person's hour was found in a campaign with the best hour of each.</summary>
public enum BestTimeArm
{
    /// <summary>By chance among those who get the fixed hour, so that the gain can be measured.</summary>
    Holdout,

    /// <summary>The hour that is best by all that is known.</summary>
    Learned,

    /// <summary>An hour that may be better and has seldom been tried.</summary>
    Explored,
}
