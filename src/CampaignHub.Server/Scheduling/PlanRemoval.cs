using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Scheduling;

/// <summary>Drops the plan of a campaign that was not launched, with everything that it made.</summary>
internal static class PlanRemoval
{
    public static async Task DropAsync(TenantTransaction transaction, Guid campaignId)
    {
        await WaveStore.DeleteAsync(transaction, campaignId);
        await PlanStore.DeleteAsync(transaction, campaignId);
        await PlannedDeliveryStore.DeleteAsync(transaction, campaignId);
    }
}
