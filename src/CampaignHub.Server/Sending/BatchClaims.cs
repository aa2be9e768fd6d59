using System.Diagnostics;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Domains;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Relays;
using CampaignHub.Server.Scheduling;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// Claims a batch of a campaign's deliveries with all that sending them needs: as many as its rate and the warm-up of its
/// relays allow now, nobody who is in quiet hours, and nobody at a mail domain of which enough is claimed already.
/// </summary>
internal sealed class BatchClaims(
    Database database, LaunchedCampaigns campaigns, UsableRelays usable, RelayLanes lanes, CampaignBrake brake, SenderRule rule, DkimSigners signers, KeyRing keys,
    PublicUrl publicUrl, Node node, Settings settings, IClock clock)
{
    private const int BatchSize = 400;

    /// <summary>Null where nothing may be sent now.</summary>
    public async Task<DeliveryBatch?> ClaimAsync(Guid tenantId, Guid campaignId, CancellationToken ct)
    {
        using var trace = Traces.Begin("claim", tenantId)?.SetTag("campaignhub.campaign_id", campaignId);
        var launched = await campaigns.GetAsync(tenantId, campaignId, ct);
        await using var transaction = await database.BeginAsync(tenantId, ct);
        var campaign = await launched.KeepingHolidaysAsync(transaction);
        var now = clock.GetCurrentInstant();
        var (signer, lost) = await signers.OfOrWhyNotAsync(transaction, campaign.Content.FromEmail);
        if (lost is not null)
        {
            await brake.StopAsync(tenantId, campaignId, $"Mail from {campaign.Content.FromEmail} can't be signed. {lost}");
            return null;
        }
        if (signer is null && rule.MustBeVerified)
        {
            await brake.StopAsync(tenantId, campaignId,
                $"{campaign.Content.FromEmail} is no longer on a verified sending domain: see GET /v1/domains, mend its records, verify it, then resume.");
            return null;
        }
        var (relays, warmUp, unpaused) = await usable.TakeAsync(transaction, BatchSize, now);
        var hold = new LeaseHold(new Lease(Guid.CreateVersion7(), node.Id, settings.LeaseSeconds), Stopwatch.GetTimestamp());
        var claimed = relays.Count == 0 ? [] : await ClaimAsync(transaction, campaign, hold.Lease, lanes.CrowdedDomains(relays), now);
        if (claimed.Count == 0)
        {
            await UsableRelays.GiveBackAsync(transaction, warmUp);
            await transaction.CommitAsync();
            return null;
        }
        var regions = await RelayRegionStore.FindAsync(transaction);
        var senders = await EnvelopeSenders.OfAsync(transaction, keys);
        var cap = campaign.Cap ?? await FrequencyCapStore.FindAsync(transaction);
        var trackingUrl = await TrackingUrl.OfLaunchedAsync(transaction, campaign.Content.TrackingUrl, publicUrl);
        await transaction.CommitAsync();
        var means = new SendingMeans(campaign, signer, relays, unpaused, regions, warmUp, cap, senders, SendingMeans.KeyOf(keys, tenantId), trackingUrl);
        return new DeliveryBatch(means, hold, claimed);
    }

    /// <summary>Gives back what was claimed and not begun, and ends the lease, unless something of it couldn't be stored.</summary>
    public async Task GiveBackAsync(DeliveryBatch batch)
    {
        await using var transaction = await database.BeginAsync(batch.TenantId, CancellationToken.None);
        var now = clock.GetCurrentInstant();
        await LeaseStore.ReleaseAsync(transaction, batch.Hold.Lease, [.. batch.NotBegun.Select(d => (d.DeliveryId, d.NotBefore ?? now))]);
        if (!batch.IsAbandoned)
            await LeaseStore.EndAsync(transaction, batch.Hold.Lease);
        // In the order in which a claim takes them, so that the two don't wait for each other: the relays' days, then the campaign's rate.
        await UsableRelays.GiveBackAsync(transaction, batch.Means.WarmUp);
        if (batch.Campaign.Rate is { } rate)
            await RateStore.GiveBackAsync(transaction, batch.Campaign.CampaignId, rate, batch.NotBegun.Count);
        await transaction.CommitAsync();
    }

    private static async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(
        TenantTransaction transaction, LaunchedCampaign campaign, Lease lease, IReadOnlyCollection<string> crowdedDomains, Instant now)
    {
        if (campaign.Rate is not { } rate)
            return await ClaimAsync(transaction, campaign, lease, BatchSize, crowdedDomains, now);
        var most = await RateStore.TakeAsync(transaction, campaign.CampaignId, rate, BatchSize);
        var claimed = most == 0 ? [] : await ClaimAsync(transaction, campaign, lease, most, crowdedDomains, now);
        await RateStore.GiveBackAsync(transaction, campaign.CampaignId, rate, most - claimed.Count);
        return claimed;
    }

    /// <summary>Claims until something is found that may be sent. What may not goes back at once, with when it may.</summary>
    private static async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(
        TenantTransaction transaction, LaunchedCampaign campaign, Lease lease, int most, IReadOnlyCollection<string> crowdedDomains, Instant now)
    {
        while (true)
        {
            var claimed = await LeaseStore.ClaimAsync(transaction, campaign.CampaignId, lease, most, crowdedDomains, now);
            var quiet = claimed.Select(d => (Delivery: d, From: campaign.Hours.NextAllowed(d, now))).Where(d => d.From > now).ToList();
            var crowded = claimed.Where(d => crowdedDomains.Contains(d.MailDomain)).Select(d => (Delivery: d, From: now));
            List<(ClaimedDelivery Delivery, Instant From)> back = [.. quiet.Concat(crowded).DistinctBy(d => d.Delivery.DeliveryId)];
            await LeaseStore.ReleaseAsync(transaction, lease, [.. back.Select(d => (d.Delivery.DeliveryId, d.From))]);
            await LeaseStore.RestZonesAsync(transaction, campaign.CampaignId, [.. quiet.Select(d => (d.Delivery.ZoneNumber, d.From)).Distinct()]);
            if (back.Count < claimed.Count || claimed.Count == 0)
                return [.. claimed.Except(back.Select(d => d.Delivery))];
            await LeaseStore.EndAsync(transaction, lease);
        }
    }
}
