using CampaignHub.Server.Domains;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Campaigns;

/// <summary>What links, pixels and unsubscribe addresses of a tenant's mail begin with.</summary>
internal static class TrackingUrl
{
    /// <summary>The tenant's verified tracking domain, the oldest where there are several; without one the service's public URL.</summary>
    public static async Task<string> OfAsync(TenantTransaction transaction, PublicUrl publicUrl) =>
        await DomainStore.VerifiedAsync(transaction, "tracking") is { } domain ? UrlOf(domain) : publicUrl.Value;

    /// <summary>
    /// The same for mail of a launched campaign: what it was launched with, unless that is a tracking domain behind which nothing of
    /// ours answers any more. Rather than links that lead nowhere, mail has the public URL until the domain is verified again.
    /// </summary>
    public static async Task<string> OfLaunchedAsync(TenantTransaction transaction, string? launchedWith, PublicUrl publicUrl)
    {
        if (launchedWith is null || launchedWith == publicUrl.Value)
            return publicUrl.Value;
        var lost = await DomainStore.UnverifiedAsync(transaction, "tracking");
        return lost.Any(domain => launchedWith == UrlOf(domain)) ? publicUrl.Value : launchedWith;
    }

    private static string UrlOf(string domain) => $"https://{domain}";
}
