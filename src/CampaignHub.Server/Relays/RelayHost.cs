using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Outbound;

namespace CampaignHub.Server.Relays;

/// <summary>
/// Judges a relay's host when it is written. A name that doesn't resolve now is taken: the guard stands again at every
/// connect, and it is the guard that protects; this only tells whoever writes it.
/// </summary>
public sealed class RelayHost(OutboundGuard guard)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Why this host is refused, or null. Not to be asked inside a transaction: it may wait for DNS.</summary>
    public async Task<Problem?> RefusalAsync(string? host, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(host))
            return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            return (await guard.ResolveAsync(host, patience.Token)).Refusal switch
            {
                { Kind: OutboundRefusalKind.NotAllowed, Reason: var reason } => Problems.Invalid("host", "not_allowed", reason),
                { Kind: OutboundRefusalKind.InvalidHost, Reason: var reason } => Problems.Invalid("host", "invalid", reason),
                _ => null,
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null; // DNS was silent: as with a name that doesn't resolve now.
        }
    }
}
