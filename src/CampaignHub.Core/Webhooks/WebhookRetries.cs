using NodaTime;

namespace CampaignHub.Core.Webhooks;

/// <summary>When a call that failed is made again: ten tries over 75 hours and a half, as Standard Webhooks suggests.</summary>
public static class WebhookRetries
{
    private static readonly Duration[] s_waits =
    [
        Duration.FromSeconds(5), Duration.FromMinutes(5), Duration.FromMinutes(30), Duration.FromHours(2), Duration.FromHours(5),
        Duration.FromHours(10), Duration.FromHours(14), Duration.FromHours(20), Duration.FromHours(24),
    ];

    /// <summary>Tries in all.</summary>
    public static int Most => s_waits.Length + 1;

    /// <summary>An endpoint that has failed for so long without a success in between is disabled.</summary>
    public static Duration DisabledAfter { get; } = Duration.FromDays(5);

    /// <summary>The longest that an endpoint may put us off by <c>Retry-After</c>.</summary>
    public static Duration LongestPutOff { get; } = Duration.FromHours(24);

    /// <summary>How long to wait after so many tries; null where that was the last.</summary>
    /// <param name="attempts">Tries made: 1 or more.</param>
    /// <param name="chance">From 0 to below 1: up to a fifth more, so that what failed together doesn't come back together.</param>
    /// <param name="putOff">What the endpoint asked for, where it did: never sooner.</param>
    public static Duration? After(int attempts, double chance, Duration? putOff = null)
    {
        if (attempts >= Most)
            return null;
        var wait = s_waits[attempts - 1] * (1 + chance / 5);
        var least = Duration.Min(putOff ?? Duration.Zero, LongestPutOff);
        return Duration.Max(wait, least);
    }
}
