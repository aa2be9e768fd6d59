using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>Judges hits by Core's rules, each with all that is stored around it: whichever node took it in, and whenever.</summary>
internal static class HitVerdicts
{
    /// <summary>The hits in their order, each with its verdict. Keeps nothing.</summary>
    public static async Task<JudgedHit[]> JudgeAsync(TenantTransaction transaction, IReadOnlyCollection<StoredHit> hits)
    {
        var surroundings = await LookAroundAsync(transaction, [.. hits.Where(hit => hit.LinkIndex is not null)]);
        return [.. hits.Select(hit => new JudgedHit(hit, HitRules.Classify(ToHit(hit), surroundings.GetValueOrDefault(hit.HitId))))];
    }

    /// <summary>What is around clicks, each delivery seen with all that is near. Opens are judged by themselves.</summary>
    private static async Task<Dictionary<Guid, HitSurroundings>> LookAroundAsync(TenantTransaction transaction, StoredHit[] clicks)
    {
        var surroundings = new Dictionary<Guid, HitSurroundings>();
        if (clicks.Length == 0)
            return surroundings;
        var links = await HitStore.LinksAsync(transaction, [.. clicks.Select(click => click.CampaignId).Distinct()]);
        var accepted = await HitStore.AcceptedAsync(transaction, [.. clicks.Select(click => click.DeliveryId).Distinct()]);
        var campaigns = clicks.GroupBy(click => click.DeliveryId).ToDictionary(d => d.Key, d => d.First().CampaignId);
        foreach (var delivery in (await HitStore.NearAsync(transaction, clicks, links)).GroupBy(click => click.DeliveryId))
        {
            StoredClick[] near = [.. delivery];
            var inOrder = Array.ConvertAll(near, click => new NearClick(click.ReceivedAt, click.LinkIndex));
            var bursts = LinkBurst.Mark(inOrder);
            var walks = LinkWalk.Mark(inOrder, links.GetValueOrDefault(campaigns[delivery.Key]));
            var acceptedAt = accepted.TryGetValue(delivery.Key, out var known) ? known : (Instant?)null;
            for (var at = 0; at < near.Length; at++)
                surroundings[near[at].HitId] = new HitSurroundings(bursts[at], walks[at], ReadingTime.IsTooShort(near[at].ReceivedAt, acceptedAt));
        }
        return surroundings;
    }

    private static Hit ToHit(StoredHit hit) =>
        new(hit.Kind, hit.Method, hit.UserAgent, hit.ReceivedAt, hit.LinkIndex, hit.Purpose, hit.SecPurpose, hit.HasXMoz, hit.FromDataCentre);
}
