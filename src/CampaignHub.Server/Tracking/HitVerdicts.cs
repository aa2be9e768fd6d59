using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tracking;

/// <summary>Judges hits by Core's rules, each with all that is stored around it: whichever node took it in, and whenever.</summary>
internal static class HitVerdicts
{
    /// <summary>The hits in their order, each with its verdict. Keeps nothing.</summary>
    public static async Task<JudgedHit[]> JudgeAsync(TenantTransaction transaction, IReadOnlyCollection<StoredHit> hits)
    {
        var bursts = await FindBurstsAsync(transaction, [.. hits.Where(hit => hit.LinkIndex is not null)]);
        return [.. hits.Select(hit => new JudgedHit(hit, HitRules.Classify(ToHit(hit), bursts.Contains(hit.HitId))))];
    }

    /// <summary>The clicks that belong to bursts, each delivery seen with all that is near.</summary>
    private static async Task<HashSet<Guid>> FindBurstsAsync(TenantTransaction transaction, StoredHit[] clicks)
    {
        var bursts = new HashSet<Guid>();
        if (clicks.Length == 0)
            return bursts;
        foreach (var delivery in (await HitStore.NearAsync(transaction, clicks)).GroupBy(click => click.DeliveryId))
        {
            StoredClick[] near = [.. delivery];
            var marks = LinkBurst.Mark(Array.ConvertAll(near, click => new NearClick(click.ReceivedAt, click.LinkIndex)));
            bursts.UnionWith(near.Where((_, at) => marks[at]).Select(click => click.HitId));
        }
        return bursts;
    }

    private static Hit ToHit(StoredHit hit) =>
        new(hit.Kind, hit.Method, hit.UserAgent, hit.ReceivedAt, hit.LinkIndex, hit.Purpose, hit.SecPurpose, hit.HasXMoz);
}
