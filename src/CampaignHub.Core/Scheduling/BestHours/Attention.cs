namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>
/// How likely it is that a message is still noticed at a sitting, by its age in hours, as newer mail comes to lie on top of it:
/// half as likely after six hours, a tenth from twenty on; after a day it isn't looked at.
/// </summary>
internal static class Attention
{
    /// <summary>Hours that are looked at.</summary>
    internal const int Hours = 24;

    private static readonly double[] s_byAge = [.. Enumerable.Range(0, Hours).Select(age => Math.Max(0.1, Math.Pow(0.5, age / 6.0)))];

    /// <summary>1 for a message that has just come.</summary>
    internal static ReadOnlySpan<double> ByAge => s_byAge;
}
