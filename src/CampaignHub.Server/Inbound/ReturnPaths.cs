using CampaignHub.Core.Sending;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Inbound;

/// <summary>Whose delivery a return path names. Its domain says which tenants it may be of, and its MAC whose it is.</summary>
internal sealed class ReturnPaths(Database database, KeyRing ring)
{
    /// <summary>The tenant and the delivery of an envelope recipient; null for whatever we didn't make.</summary>
    public async Task<(Guid TenantId, Guid DeliveryId)?> ReadAsync(string address, CancellationToken ct)
    {
        var at = address.LastIndexOf('@');
        if (at < 0)
            return null;
        var tenants = await database.LookUpAsync<Guid>(
            "SELECT tenants_of_bounce_domain(@domain)", new { domain = address[(at + 1)..].TrimEnd('.').ToLowerInvariant() }, ct);
        foreach (var tenantId in tenants)
            if (ReadFor(tenantId, address[..at]) is { } deliveryId)
                return (tenantId, deliveryId);
        return null;
    }

    /// <summary>The delivery of a local part under one of the tenant's keys; null where it is of none, or of a test, which has no delivery.</summary>
    public Guid? ReadFor(Guid tenantId, string localPart)
    {
        foreach (var key in ring.DeriveAll(tenantId, KeyPurpose.ReturnPath, ReturnPath.KeyBytes))
            if (ReturnPath.TryRead(key, localPart, out var deliveryId))
                return deliveryId == Guid.Empty ? null : deliveryId;
        return null;
    }
}
