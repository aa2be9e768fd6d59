using CampaignHub.Server.Platform;
using NodaTime;

namespace CampaignHub.Server.Domains;

/// <summary>What this installation wants of domains' records.</summary>
internal sealed class DomainTargets(Settings settings, PublicUrl publicUrl)
{
    /// <summary>How long the record of a key that was rotated out stays needed.</summary>
    public Duration KeepOldKeys => settings.Dkim.KeepOldKeys;

    /// <summary>Which host takes bounces, unless a tenant has them taken elsewhere.</summary>
    public string BounceHost => settings.BounceHost ?? TrackingHost;

    /// <summary>Which host answers tracking links.</summary>
    public string TrackingHost => new Uri(publicUrl.Value).IdnHost;
}
