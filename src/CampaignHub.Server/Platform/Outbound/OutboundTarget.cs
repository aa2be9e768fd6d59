using System.Net;

namespace CampaignHub.Server.Platform.Outbound;

/// <summary>Why a host may not, or cannot, be connected to.</summary>
public enum OutboundRefusalKind
{
    /// <summary>Not a host name nor an address.</summary>
    InvalidHost,

    /// <summary>DNS knows no address for it, or did not answer.</summary>
    NotFound,

    /// <summary>It leads into a network that is not allowed.</summary>
    NotAllowed,
}

/// <summary>A refusal in words fit for the caller who named the host.</summary>
public sealed record OutboundRefusal(OutboundRefusalKind Kind, string Reason);

/// <summary>
/// A host's checked addresses, never empty, or the refusal. Connect to these and to nothing else: resolving the name
/// a second time would let it be rebound between check and use.
/// </summary>
public sealed record OutboundTarget(string Host, IReadOnlyList<IPAddress> Addresses, OutboundRefusal? Refusal)
{
    internal static OutboundTarget Refused(string host, OutboundRefusalKind kind, string reason) =>
        new(host, [], new OutboundRefusal(kind, reason));
}
