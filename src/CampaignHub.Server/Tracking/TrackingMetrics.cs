using System.Diagnostics.Metrics;
using CampaignHub.Core;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Tracking;

/// <summary>What tracking counts of itself.</summary>
internal sealed class TrackingMetrics
{
    private readonly Counter<long> stored;
    private readonly Counter<long> spooled;
    private readonly Counter<long> folded;
    private readonly Counter<long> dropped;
    private readonly Counter<long> setAside;
    private long lastDropped = long.MinValue;

    public TrackingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.MeterName);
        stored = meter.CreateCounter<long>("campaignhub.tracking.stored", description: "Hits that were stored before they were answered.");
        spooled = meter.CreateCounter<long>("campaignhub.tracking.spooled", description: "Those of them that were stored in the spool, because PostgreSQL was away or slow.");
        folded = meter.CreateCounter<long>("campaignhub.tracking.folded", description: "Hits that were brought from the spool into PostgreSQL.");
        dropped = meter.CreateCounter<long>("campaignhub.tracking.dropped", description: "Hits that were answered but not stored.");
        setAside = meter.CreateCounter<long>("campaignhub.tracking.set_aside", description: "Damaged pieces of the spool, and hits that PostgreSQL refuses, kept in files beside it.");
    }

    public void Stored(int hits) => stored.Add(hits);

    public void Spooled(int hits) => spooled.Add(hits);

    public void Folded(int hits) => folded.Add(hits);

    /// <summary><c>queue_full</c>, or <c>spool_full</c> where neither PostgreSQL nor the spool could take it.</summary>
    public void Dropped(HitKind kind, string reason)
    {
        dropped.Add(1, new("kind", kind.Word()), new("reason", reason));
        Volatile.Write(ref lastDropped, Environment.TickCount64);
    }

    /// <summary>Whether any was dropped so lately.</summary>
    public bool HasDropped(TimeSpan lately) =>
        Volatile.Read(ref lastDropped) is var last and not long.MinValue && Environment.TickCount64 - last < lately.TotalMilliseconds;

    public void SetAside() => setAside.Add(1);
}
