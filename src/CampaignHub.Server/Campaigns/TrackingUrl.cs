using CampaignHub.Server.Domains;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Campaigns;

/// <summary>What links, pixels and unsubscribe addresses of a tenant's mail begin with.</summary>
internal static class TrackingUrl
{
    /// <summary>The tenant's verified tracking domain, the oldest where there are several; without one the service's public URL.</summary>
    public static async Task<string> OfAsync(TenantTransaction transaction, PublicUrl publicUrl) =>
        await DomainStore.VerifiedAsync(transaction, "tracking") is { } domain ? $"https://{domain}" : publicUrl.Value;
}
