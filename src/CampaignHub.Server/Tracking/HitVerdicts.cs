using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>Judges hits by Core's rules, each with all that is stored around it: whichever node took it in, and whenever.</summary>
internal static class HitVerdicts
{
    /// <summary>The hits in their order, each with its verdict, which isn't kept. Others that turn out to belong to a burst of their network are noted, to be judged again.</summary>
    public static async Task<JudgedHit[]> JudgeAsync(TenantTransaction transaction, IReadOnlyCollection<StoredHit> hits)
    {
        StoredHit[] clicks = [.. hits.Where(hit => hit.LinkIndex is not null)];
        var surroundings = await LookAroundAsync(transaction, clicks);
        var inNetworkBursts = await NetworkBurstsAsync(transaction, clicks);
        return
        [
            .. from hit in hits
               let known = hit with { InNetworkBurst = hit.InNetworkBurst || inNetworkBursts.Contains(hit.HitId) }
               let around = surroundings.GetValueOrDefault(hit.HitId) with { InNetworkBurst = known.InNetworkBurst }
               select new JudgedHit(known, HitRules.Classify(ToHit(hit), around)),
        ];
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
            var honeypots = Honeypot.Mark(inOrder);
            var bursts = LinkBurst.Mark(inOrder);
            var walks = LinkWalk.Mark(inOrder, links.GetValueOrDefault(campaigns[delivery.Key]));
            var acceptedAt = accepted.TryGetValue(delivery.Key, out var known) ? known : (Instant?)null;
            for (var at = 0; at < near.Length; at++)
                surroundings[near[at].HitId] = new HitSurroundings(bursts[at], walks[at], ReadingTime.IsTooShort(near[at].ReceivedAt, acceptedAt), WithHoneypot: honeypots[at]);
        }
        return surroundings;
    }

    /// <summary>What belongs to a burst of its network, of these clicks and of those around them.</summary>
    private static async Task<HashSet<Guid>> NetworkBurstsAsync(TenantTransaction transaction, StoredHit[] clicks)
    {
        HashSet<Guid> found = [];
        if (clicks.Length == 0)
            return found;
        List<NetworkNeighbour> others = [];
        HashSet<Guid> own = [.. clicks.Select(click => click.HitId)];
        foreach (var together in (await HitNetworkStore.NearAsync(transaction, clicks)).GroupBy(n => (Convert.ToHexString(n.Network), n.MailDomain)))
        {
            NetworkNeighbour[] inOrder = [.. together];
            var marks = NetworkBurst.Mark(Array.ConvertAll(inOrder, n => new NetworkClick(n.ReceivedAt, n.DeliveryId)));
            foreach (var (neighbour, _) in inOrder.Zip(marks).Where(pair => pair.Second))
            {
                found.Add(neighbour.HitId);
                if (!own.Contains(neighbour.HitId))
                    others.Add(neighbour);
            }
        }
        if (others.Count > 0)
            await HitStore.NoteNetworkBurstAsync(transaction, others);
        return found;
    }

    private static Hit ToHit(StoredHit hit) =>
        new(hit.Kind, hit.Method, hit.UserAgent, hit.ReceivedAt, hit.LinkIndex, hit.Purpose, hit.SecPurpose, hit.HasXMoz, hit.FromDataCentre);
}
