using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Platform.Outbound;

/// <summary>
/// Judges a host that a tenant names (a relay's, a mailbox's, a webhook's) when it is written. A name that doesn't resolve now is taken: the guard stands again at every
/// connect, and it is the guard that protects; this only tells whoever writes it.
/// </summary>
public sealed class OutboundHost(OutboundGuard guard)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Why this host is refused, or null. Not to be asked inside a transaction: it may wait for DNS.</summary>
    /// <param name="host">The host; null or blank: there is none to judge.</param>
    /// <param name="ct">Ends it.</param>
    /// <param name="field">The field that names it.</param>
    public async Task<Problem?> RefusalAsync(string? host, CancellationToken ct, string field = "host")
    {
        if (string.IsNullOrWhiteSpace(host))
            return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            return (await guard.ResolveAsync(host, patience.Token)).Refusal switch
            {
                { Kind: OutboundRefusalKind.NotAllowed, Reason: var reason } => Problems.Invalid(field, "not_allowed", reason),
                { Kind: OutboundRefusalKind.InvalidHost, Reason: var reason } => Problems.Invalid(field, "invalid", reason),
                _ => null,
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null; // DNS was silent: as with a name that doesn't resolve now.
        }
    }
}
