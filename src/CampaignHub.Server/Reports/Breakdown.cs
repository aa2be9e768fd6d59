using CampaignHub.Core.Tracking;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>A campaign's numbers by one property of its deliveries or hits.</summary>
/// <param name="By">What the keys are.</param>
/// <param name="AsOf">Everything that was received before this instant is counted.</param>
/// <param name="Data">One entry for each key with at least one event: in the keys' order, mail domains by what was accepted.</param>
/// <param name="Rest">Of mail domains, all beyond the 100 that are shown, as one; null where there are no others.</param>
public sealed record Breakdown(string By, Instant AsOf, IReadOnlyList<BreakdownEntry> Data, BreakdownEntry? Rest)
{
    /// <summary>The entries, and the rest as the last of them.</summary>
    internal IEnumerable<BreakdownEntry> All => Rest is null ? Data : Data.Append(Rest with { Key = "rest" });
}

/// <summary>The numbers of one key.</summary>
/// <param name="Key">
/// An ISO 3166-1 code, an IANA zone, a mail domain, an hour (<c>00</c> to <c>23</c>), a weekday (<c>mon</c> to <c>sun</c>), or the
/// family of a device (<c>mobile</c>, <c>tablet</c>, <c>desktop</c>, <c>proxy</c>, <c>bot</c>, <c>other</c>) or client; null where it
/// isn't known, and in <c>rest</c>.
/// </param>
/// <param name="Accepted">Deliveries that a relay accepted; by device and client 0.</param>
/// <param name="Opens">Opens; rates are of what was delivered under this key, null by device and client.</param>
/// <param name="Clicks">Clicks.</param>
public sealed record BreakdownEntry(string? Key, long Accepted, HitViewCounts Opens, HitViewCounts Clicks)
{
    internal static readonly BreakdownEntry Blank = Of(new Rollup(), "");

    internal static BreakdownEntry Of(Rollup counters, string by)
    {
        // A message is delivered to a person and not to a device.
        long? delivered = by is "device" or "client" ? null : counters.Delivered;
        return new BreakdownEntry(
            counters.Key.Length == 0 ? null : counters.Key, counters.Accepted,
            HitViewCounts.Of(counters, HitKind.Open, delivered), HitViewCounts.Of(counters, HitKind.Click, delivered));
    }
}
