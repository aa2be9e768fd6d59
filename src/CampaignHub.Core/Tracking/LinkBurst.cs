using NodaTime;

namespace CampaignHub.Core.Tracking;

/// <summary>
/// The mark of a scanner: five or more different links of one delivery within one second. Everything in such a second
/// belongs to the burst, also what came before the fifth link.
/// </summary>
public static class LinkBurst
{
    /// <summary>Different links that make a burst.</summary>
    public const int Links = 5;

    /// <summary>The second within which they are followed: a burst spans at most this long from its first click to its last.</summary>
    public static readonly Duration Window = Duration.FromSeconds(1);

    /// <summary>Whether a click is part of a burst.</summary>
    /// <param name="click">The click.</param>
    /// <param name="near">Clicks of the same delivery from one <see cref="Window"/> before it to one after, in any order, with or without itself.</param>
    public static bool Includes(NearClick click, IReadOnlyCollection<NearClick> near)
    {
        // Too few clicks for a burst is nearly every case, and ends here without looking at them.
        if (near.Count + 1 < Links)
            return false;
        NearClick[] all = [.. near, click];
        // A burst that includes the click starts at some click at or before it.
        return all.Where(start => start.At <= click.At && click.At - start.At <= Window)
            .Any(start => LinksIn(all, start.At) >= Links);
    }

    /// <summary>Which clicks of one delivery are part of a burst: what <see cref="Includes"/> says of each, for all of them in one pass.</summary>
    /// <param name="clicks">All clicks of the delivery that are near, in order of time.</param>
    public static bool[] Mark(IReadOnlyList<NearClick> clicks) => Burst.Mark(clicks, click => click.At, click => click.LinkIndex, Window, Links);

    private static int LinksIn(NearClick[] clicks, Instant from) =>
        clicks.Where(click => click.At >= from && click.At - from <= Window).Select(click => click.LinkIndex).Distinct().Count();
}
