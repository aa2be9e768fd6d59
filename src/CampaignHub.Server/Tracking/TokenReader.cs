using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;

namespace CampaignHub.Server.Tracking;

/// <summary>Reads tokens of tracking URLs with keys derived afresh each time: a known tenant's takes no less time than a made-up one's.</summary>
internal sealed class TokenReader(KeyRing ring)
{
    /// <summary>The token, or null where the text is no token of this kind that we made.</summary>
    public TrackingToken? Read(string text, TrackingTokenKind kind) =>
        TrackingToken.TryRead(text, KeysOf, out var token) && token!.Kind == kind ? token : null;

    private byte[][] KeysOf(Guid tenantId) => ring.DeriveAll(tenantId, KeyPurpose.Tracking, TrackingToken.KeyBytes);
}
