using NodaTime;

namespace CampaignHub.Server.Platform.Http.Limits;

/// <summary>How often somebody may do something.</summary>
/// <param name="Name">What answers call it.</param>
/// <param name="Limit">Times in a window; 0: as often as they like.</param>
/// <param name="Window">How long a window is; all begin at the same instants, whole multiples of it.</param>
internal sealed record RateLimitPolicy(string Name, int Limit, Duration Window)
{
    /// <summary>
    /// What a node takes at once from what all nodes share: so much may be left over on one while another has none, and no more.
    /// </summary>
    public int Share => Math.Max(1, Limit / 25);

    public Instant EndOfWindow(Instant now)
    {
        var length = Window.BclCompatibleTicks;
        return Instant.FromUnixTimeTicks((now.ToUnixTimeTicks() / length + 1) * length);
    }
}
