using System.Diagnostics;
using CampaignHub.Server.Deliveries;

namespace CampaignHub.Server.Sending;

/// <summary>
/// A lease as its holder may trust it: by the monotonic clock of this process, counted from before the statement that gave
/// or renewed it. A worker that was stopped for longer finds that it holds nothing any more, whatever it was doing.
/// </summary>
internal sealed class LeaseHold(Lease lease, long since)
{
    /// <summary>The hold ends so much earlier here than in the database, so that no step begun under it ends after it.</summary>
    private const double Margin = 0.9;

    private readonly long _length = (long)(lease.Seconds * Margin * Stopwatch.Frequency);
    private long _since = since;

    public Lease Lease => lease;

    public bool IsHeld => Stopwatch.GetTimestamp() - Volatile.Read(ref _since) < _length;

    /// <summary>Renews it; not once it was lost here, whatever the database said: others may have taken over meanwhile.</summary>
    /// <param name="since">The clock's reading from before the statement that renewed it.</param>
    public void Renewed(long since)
    {
        if (IsHeld)
            Volatile.Write(ref _since, since);
    }
}
