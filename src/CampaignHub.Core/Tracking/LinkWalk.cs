using NodaTime;

namespace CampaignHub.Core.Tracking;

/// <summary>
/// The mark of a patient scanner: every link of the mail, from the first to the last in their order, each soon after the one before.
/// A person leaves out links, goes back, and reads what a link led to.
/// </summary>
public static class LinkWalk
{
    /// <summary>Links that a mail must have: both of two in their order, a person may follow too.</summary>
    public const int LeastLinks = 3;

    /// <summary>The longest time from one click to the next: too short to look at a page and come back.</summary>
    public static readonly Duration Step = Duration.FromSeconds(2);

    /// <summary>How long a walk may take at most: what must be known before and after a click.</summary>
    public static Duration Window(int links) => links < LeastLinks ? Duration.Zero : Step * (links - 1);

    /// <summary>Which clicks of one delivery are part of a walk, in one pass. A link that is followed twice in a row is one step.</summary>
    /// <param name="clicks">All clicks of the delivery that are near, in order of time and, of one instant, of links.</param>
    /// <param name="links">How many links the campaign has; their indexes are in the mail's order, from 0.</param>
    public static bool[] Mark(IReadOnlyList<NearClick> clicks, int links)
    {
        var marks = new bool[clicks.Count];
        if (links < LeastLinks)
            return marks;
        var (start, next) = (0, 0); // Where the walk began, and the link that is awaited.
        for (var at = 0; at < clicks.Count; at++)
        {
            var link = clicks[at].LinkIndex;
            if (link == Honeypot.LinkIndex)
                continue; // Beside the way.
            var goesOn = next > 0 && (link == next || link == next - 1) && clicks[at].At - clicks[at - 1].At <= Step;
            if (!goesOn)
                (start, next) = (at, link == 0 ? 1 : 0);
            else if (link == next)
                next++;
            if (next == links)
                for (; start <= at; start++)
                    marks[start] = true;
        }
        return marks;
    }
}
