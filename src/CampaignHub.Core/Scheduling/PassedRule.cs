using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>How lateness is dealt with.</summary>
/// <param name="WhenPassed">What is done past the grace.</param>
/// <param name="Grace">Up to this late, it is sent at once whatever <paramref name="WhenPassed"/> says; 0 s to 7 days.</param>
public sealed record PassedRule(WhenPassed WhenPassed, Duration Grace)
{
    /// <summary>What counts where a schedule says nothing: an hour's grace, then the next day.</summary>
    public static PassedRule Default { get; } = new(WhenPassed.NextDay, Duration.FromHours(1));

    /// <summary>The longest grace that a schedule may ask for.</summary>
    public static Duration LongestGrace { get; } = Duration.FromDays(7);

    /// <summary>Whether what is this late goes out at once.</summary>
    internal bool SendsAtOnce(Duration lateness) => WhenPassed == WhenPassed.SendNow || lateness <= Grace;
}
