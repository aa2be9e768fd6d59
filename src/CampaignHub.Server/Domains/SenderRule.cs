using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Domains;

/// <summary>Whether a sender has to be on a verified domain of its tenant: in Production, unless the operator says otherwise.</summary>
public sealed class SenderRule(Settings settings, IHostEnvironment environment)
{
    public bool MustBeVerified => environment.IsProduction() && settings.RequireVerifiedFrom;
}
