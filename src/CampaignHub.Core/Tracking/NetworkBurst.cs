using NodaTime;

namespace CampaignHub.Core.Tracking;

/// <summary>
/// The mark of a gateway that looks into the mail of a whole company: from one network, links of five or more different deliveries to one mail
/// domain within ten seconds. Everything in such a stretch belongs to the burst, also what came before the fifth delivery.
/// </summary>
public static class NetworkBurst
{
    /// <summary>Different deliveries that make a burst.</summary>
    public const int Deliveries = 5;

    /// <summary>The longest time from the first click of a burst to its last.</summary>
    public static readonly Duration Window = Duration.FromSeconds(10);

    /// <summary>Which clicks from one network and of one mail domain are part of a burst, in one pass.</summary>
    /// <param name="clicks">All that are near, in order of time.</param>
    public static bool[] Mark(IReadOnlyList<NetworkClick> clicks) => Burst.Mark(clicks, click => click.At, click => click.DeliveryId, Window, Deliveries);
}

/// <summary>A click from a network, near others in time.</summary>
public readonly record struct NetworkClick(Instant At, Guid DeliveryId);
