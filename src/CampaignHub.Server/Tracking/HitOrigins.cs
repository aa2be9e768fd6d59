using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Tracking;

/// <summary>What is kept of the address that a hit came from. The address itself is looked up and forgotten.</summary>
internal sealed class HitOrigins(DataCentreNetworks dataCentres, IpCountries countries, KeyRing ring)
{
    /// <summary>The hit, with what is known of where it came from. Of who wants not to be tracked that is no more than what its class depends on.</summary>
    public ReceivedHit Mark(ReceivedHit hit, HttpContext context) => context.Connection.RemoteIpAddress is not { } address ? hit : hit with
    {
        FromDataCentre = dataCentres.Contain(address),
        IpCountry = hit.IsAnonymous ? null : countries.Of(address),
        Network = hit.IsAnonymous ? null : HitNetwork.HashOf(address, hit.At, ring.Derive(hit.TenantId, KeyPurpose.Networks, HitNetwork.KeyBytes)),
    };
}
