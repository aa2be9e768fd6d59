using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Tracking;

/// <summary>An address behind a mail's unsubscribe link: its token says which delivery it was.</summary>
internal abstract class UnsubscribeEndpoint(TokenReader tokens, Database database) : TrackingEndpoint
{
    /// <summary>Finds or does something by the delivery, in a transaction of its tenant; null where the token is none of ours, or nothing was found.</summary>
    protected async Task<T?> ByDeliveryAsync<T>(TokenRequest req, Func<TenantTransaction, Guid, Task<T?>> work, CancellationToken ct) where T : class
    {
        if (tokens.Read(req.Token, TrackingTokenKind.Unsubscribe) is not { } token)
            return null;
        await using var transaction = await database.BeginAsync(token.TenantId, ct);
        var found = await work(transaction, token.DeliveryId);
        await transaction.CommitAsync();
        return found;
    }
}
