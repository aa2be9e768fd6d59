using CampaignHub.Core;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Reports.Retention;

namespace CampaignHub.Server.Reports;

/// <summary>A counter that isn't what the events come to.</summary>
/// <param name="TenantId">The tenant.</param>
/// <param name="CampaignId">The campaign; the zero id stands for all of the tenant's.</param>
/// <param name="What">Dimension, key and column.</param>
/// <param name="Stored">What the roll-up says.</param>
/// <param name="Recounted">What the events say.</param>
internal sealed record RollupDifference(Guid TenantId, Guid CampaignId, string What, long Stored, long Recounted);

/// <summary>
/// Recomputes every roll-up from the log and holds it against what is stored, at one moment of the database while the
/// service may run. What each hour of a relay and domain held (<c>delivery_hours</c>) isn't among them: it knows the relay
/// of the moment when it was folded.
/// </summary>
internal sealed class RollupVerification(Database database, Action<RollupDifference> found, CancellationToken ct)
{
    private const int FetchSize = 5_000;

    private readonly Dictionary<(string Dimension, string Key, string Counter), long> _wholeTenant = [];
    private readonly HashSet<Guid> _sealed = [];

    public long Events { get; private set; }

    public long Campaigns { get; private set; }

    public long Differences { get; private set; }

    /// <summary>Campaigns of whose events some are no longer kept: nothing can be said of them.</summary>
    public long Sealed { get; private set; }

    /// <summary>Looks at every tenant of whose log anything has been folded.</summary>
    public async Task RunAsync()
    {
        foreach (var tenantId in await database.LookUpAsync<Guid>("SELECT tenants_with_reports()", null, ct))
        {
            await using var snapshot = await database.BeginSnapshotAsync(tenantId, ct);
            await VerifyAsync(snapshot);
        }
    }

    private async Task VerifyAsync(TenantTransaction snapshot)
    {
        _wholeTenant.Clear();
        _sealed.Clear();
        _sealed.UnionWith(await SealStore.SealedAsync(snapshot));
        var unseen = (await RecountStore.CampaignsAsync(snapshot)).ToHashSet();
        await RecountStore.OpenAsync(snapshot);
        RollupRecount? recount = null;
        Guid? campaignId = null;
        while (await RecountStore.FetchAsync(snapshot, FetchSize) is { Count: > 0 } events)
        {
            Events += events.Count;
            foreach (var happened in events)
            {
                if (happened.CampaignId != campaignId)
                {
                    await FinishAsync(recount);
                    (recount, campaignId) = (new RollupRecount(), happened.CampaignId);
                }
                recount!.Add(happened);
            }
        }
        await FinishAsync(recount);
        // What is counted for a campaign without any event.
        foreach (var stray in unseen.Where(id => id != RollupStore.WholeTenant))
            await CompareAsync(snapshot, stray, new RollupRecount());
        Compare(snapshot.TenantId, RollupStore.WholeTenant, _wholeTenant, await RollupStore.ReadAllAsync(snapshot, RollupStore.WholeTenant));

        async Task FinishAsync(RollupRecount? finished)
        {
            if (finished is null)
                return;
            unseen.Remove(campaignId!.Value);
            await CompareAsync(snapshot, campaignId.Value, finished);
        }
    }

    private async Task CompareAsync(TenantTransaction snapshot, Guid campaignId, RollupRecount recount)
    {
        if (_sealed.Contains(campaignId))
        {
            await TrustAsync(snapshot, campaignId);
            return;
        }
        Campaigns++;
        foreach (var (place, count) in recount.Counts.Where(c => c.Key.Dimension == Quarters.Dimension))
            _wholeTenant[place] = _wholeTenant.GetValueOrDefault(place) + count;
        Compare(snapshot.TenantId, campaignId, recount.Counts, await RollupStore.ReadAllAsync(snapshot, campaignId));
        var (hits, links) = await RecountStore.CountMarksAsync(snapshot, campaignId);
        Compare(snapshot.TenantId, campaignId, "marks of first hits", hits, recount.Marks.Hits);
        Compare(snapshot.TenantId, campaignId, "marks of links' first hits", links, recount.Marks.Links);
    }

    /// <summary>The tenant's whole still has to be the sum of its campaigns.</summary>
    private async Task TrustAsync(TenantTransaction snapshot, Guid campaignId)
    {
        Sealed++;
        foreach (var quarter in await RollupStore.ReadAsync(snapshot, campaignId, Quarters.Dimension))
            foreach (var (counter, value) in quarter.Counts)
                _wholeTenant[(quarter.Dimension, quarter.Key, counter)] = _wholeTenant.GetValueOrDefault((quarter.Dimension, quarter.Key, counter)) + value;
    }

    private void Compare(
        Guid tenantId, Guid campaignId, Dictionary<(string Dimension, string Key, string Counter), long> recounted, IReadOnlyList<Rollup> stored)
    {
        var left = new Dictionary<(string Dimension, string Key, string Counter), long>(recounted);
        foreach (var rollup in stored)
            foreach (var (counter, value) in rollup.Counts)
            {
                left.Remove((rollup.Dimension, rollup.Key, counter), out var expected);
                Compare(tenantId, campaignId, $"{rollup.Dimension} '{rollup.Key}' {counter}", value, expected);
            }
        foreach (var ((dimension, key, counter), expected) in left)
            Compare(tenantId, campaignId, $"{dimension} '{key}' {counter}", 0, expected);
    }

    private void Compare(Guid tenantId, Guid campaignId, string what, long stored, long recounted)
    {
        if (stored == recounted)
            return;
        Differences++;
        found(new RollupDifference(tenantId, campaignId, what, stored, recounted));
    }
}
