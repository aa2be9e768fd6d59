using NodaTime;

namespace CampaignHub.Core.Tracking;

/// <summary>Stretches of time in which many different things happen.</summary>
internal static class Burst
{
    /// <summary>
    /// Which of these lie in any stretch of at most so long that holds so many different ones; in one pass, so that a hail of them costs no more
    /// than as many alone.
    /// </summary>
    /// <param name="events">In order of time.</param>
    /// <param name="at">When one happened.</param>
    /// <param name="kind">What makes one different from another.</param>
    /// <param name="window">The longest time from the first to the last.</param>
    /// <param name="different">How many different ones make a burst.</param>
    public static bool[] Mark<T, TKind>(IReadOnlyList<T> events, Func<T, Instant> at, Func<T, TKind> kind, Duration window, int different)
        where TKind : notnull
    {
        var marks = new bool[events.Count];
        var inWindow = new Dictionary<TKind, int>();
        var (end, marked) = (0, 0);
        for (var start = 0; start < events.Count; start++)
        {
            for (; end < events.Count && at(events[end]) - at(events[start]) <= window; end++)
                inWindow[kind(events[end])] = inWindow.GetValueOrDefault(kind(events[end])) + 1;
            if (inWindow.Count >= different)
                for (marked = Math.Max(marked, start); marked < end; marked++)
                    marks[marked] = true;
            if (--inWindow[kind(events[start])] == 0)
                inWindow.Remove(kind(events[start]));
        }
        return marks;
    }
}
