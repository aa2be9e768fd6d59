namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>What a campaign says of the best hour of each.</summary>
/// <param name="FixedHour">The hour of those held out, and of everybody while nothing is known: 0 to 23.</param>
/// <param name="HoldoutPercent">How many in a hundred are held out: 0 to 50.</param>
/// <param name="ExplorePercent">How many in a hundred try an hour that has seldom been tried: 0 to 50.</param>
public readonly record struct BestTimeRule(int FixedHour, int HoldoutPercent = BestTimeRule.UsualHoldout, int ExplorePercent = BestTimeRule.UsualExploration)
{
    /// <summary>Held out unless a campaign says otherwise, in a hundred.</summary>
    public const int UsualHoldout = 10;

    /// <summary>Exploring unless a campaign says otherwise, in a hundred.</summary>
    public const int UsualExploration = 5;

    /// <summary>The most that may be held out or explore, in a hundred.</summary>
    public const int MostPercent = 50;
}
