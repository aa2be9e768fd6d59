using CampaignHub.Core;
using CampaignHub.Core.Reports;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>The hours that were looked at, and what stands out in them.</summary>
/// <param name="From">The beginning of the first hour.</param>
/// <param name="To">The end; of an hour that it falls into, what has happened by now counts.</param>
/// <param name="Data">What stands out, the newest first.</param>
public sealed record AnomalyList(Instant From, Instant To, IReadOnlyList<Anomaly> Data);

/// <summary>An hour in which a relay's mail to a domain fared worse than chance explains, beside the 28 days before it.</summary>
public sealed record Anomaly
{
    /// <summary>The relay.</summary>
    public Guid RelayId { get; init; }

    /// <summary>The recipients' mail domain.</summary>
    public string MailDomain { get; init; } = "";

    /// <summary>The beginning of the hour (UTC).</summary>
    public Instant Hour { get; init; }

    /// <summary>
    /// <c>rejected</c> and <c>deferred</c>: attempts that ended so. <c>latency</c>: accepted messages that took more than 10
    /// seconds from their first attempt.
    /// </summary>
    public string Kind { get; init; } = "";

    /// <summary>What the share is of: attempts that ended in the hour; for <c>latency</c>, those accepted.</summary>
    public long Messages { get; init; }

    /// <summary>The hour's share, 0 to 1.</summary>
    public decimal Share { get; init; }

    /// <summary>The share of the 28 days before the hour.</summary>
    public decimal Usual { get; init; }

    /// <summary>The share that this many messages had to exceed in order to stand out.</summary>
    public decimal Bound { get; init; }

    /// <summary>Up to three different answers of the relay.</summary>
    public IReadOnlyList<string> Samples { get; init; } = [];

    /// <summary>What stands out in these hours.</summary>
    internal static IReadOnlyList<Anomaly> FoundIn(IReadOnlyList<DeliveryHour> hours)
    {
        var rule = new AnomalyRule(hours.DistinctBy(hour => (hour.RelayId, hour.MailDomain)).Count());
        return [.. from hour in hours
                   from kind in Enum.GetValues<AnomalyKind>()
                   select Judge(rule, hour, kind) into found
                   where found is not null
                   select found];
    }

    private static Anomaly? Judge(AnomalyRule rule, DeliveryHour hour, AnomalyKind kind)
    {
        var (now, usual) = hour.Of(kind);
        return !rule.StandsOut(now, usual, out var bound) ? null : new Anomaly
        {
            RelayId = hour.RelayId,
            MailDomain = hour.MailDomain,
            Hour = hour.Hour,
            Kind = kind.Word(),
            Messages = now.Whole,
            Share = Rates.Of(now.Part, now.Whole)!.Value,
            Usual = Rates.Of(usual.Part, usual.Whole)!.Value,
            Bound = Math.Round((decimal)bound, 4),
        };
    }
}
