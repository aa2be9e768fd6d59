using System.Runtime.Intrinsics;

namespace CampaignHub.Core.Scheduling.BestHours;

/// <summary>
/// Numbers by hour, workdays then weekends, many at once: of a million people each is compared with every type. By vectors of one
/// width everywhere, so that sums are rounded alike on every machine.
/// </summary>
internal static class Bins
{
    internal const int Count = HourEvidence.Kinds * HourEvidence.Hours;

    /// <summary>The sum of products, each of <see cref="Count"/>.</summary>
    internal static double Dot(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var sum = Vector256<double>.Zero;
        for (var at = 0; at < Count; at += Vector256<double>.Count)
            sum += Vector256.Create(one[at..]) * Vector256.Create(other[at..]);
        return Vector256.Sum(sum);
    }

    /// <summary>Adds <paramref name="times"/> of <paramref name="what"/>.</summary>
    internal static void Add(Span<double> to, ReadOnlySpan<double> what, double times)
    {
        for (var at = 0; at < Count; at += Vector256<double>.Count)
            (Vector256.Create<double>(to[at..]) + Vector256.Create(what[at..]) * times).CopyTo(to[at..]);
    }
}
