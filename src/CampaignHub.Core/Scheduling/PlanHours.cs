using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>A plan's people by UTC hour, from that of the first instant on.</summary>
/// <param name="From">The beginning of the first hour.</param>
/// <param name="People">How many get it in each hour.</param>
/// <param name="First">The first instant.</param>
/// <param name="Last">The last, which may lie beyond the hours.</param>
/// <param name="Beyond">How many get it after the last hour.</param>
internal sealed record PlanHours(Instant From, IReadOnlyList<long> People, Instant First, Instant Last, long Beyond)
{
    internal long Fullest => People.Max();

    internal long Total => People.Sum() + Beyond;

    /// <summary>So many hours of these instants; null where there are none.</summary>
    internal static PlanHours? Of(IReadOnlyCollection<(Instant DueAt, long Recipients)> instants, int hours)
    {
        if (instants.Count == 0)
            return null;
        var first = instants.Min(i => i.DueAt);
        var from = Instant.FromUnixTimeSeconds(first.ToUnixTimeSeconds() / 3600 * 3600);
        var byHour = instants.ToLookup(i => (int)(i.DueAt - from).TotalHours, i => i.Recipients);
        return new PlanHours(
            from, [.. Enumerable.Range(0, hours).Select(hour => byHour[hour].Sum())], first, instants.Max(i => i.DueAt),
            byHour.Where(hour => hour.Key >= hours).Sum(hour => hour.Sum()));
    }
}
