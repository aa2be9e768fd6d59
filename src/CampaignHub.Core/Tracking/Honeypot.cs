using NodaTime;

namespace CampaignHub.Core.Tracking;

/// <summary>The link of a mail that no person can see. Whoever follows it follows whatever there is: its clicks around it are a machine's, too.</summary>
public static class Honeypot
{
    /// <summary>Stands in place of a link's index, which none of the campaign's has.</summary>
    public const int LinkIndex = -1;

    /// <summary>How long before or after it a click is taken for its follower's: as long as a burst.</summary>
    public static readonly Duration Window = LinkBurst.Window;

    /// <summary>Which clicks of one delivery came with one on the honeypot, itself included, in one pass.</summary>
    /// <param name="clicks">All clicks of the delivery that are near, in order of time.</param>
    public static bool[] Mark(IReadOnlyList<NearClick> clicks)
    {
        var marks = new bool[clicks.Count];
        var start = 0;
        var marked = 0;
        for (var at = 0; at < clicks.Count; at++)
        {
            if (clicks[at].LinkIndex != LinkIndex)
                continue;
            while (clicks[at].At - clicks[start].At > Window)
                start++;
            for (marked = Math.Max(marked, start); marked < clicks.Count && clicks[marked].At - clicks[at].At <= Window; marked++)
                marks[marked] = true;
        }
        return marks;
    }
}
