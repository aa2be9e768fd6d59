using CampaignHub.Core.Audience;
using CampaignHub.Core.Storefronts;
using CampaignHub.Core.Tenancy;

namespace CampaignHub.Server.Storefronts;

/// <summary>
/// What a shop's person is known by: the shop's number (<c>c:…</c>), and the keyed hash of the address (<c>e:…</c>), which tells
/// nobody the address.
/// </summary>
internal sealed class ShopPersonKeys(KeyRing ring, Guid tenantId)
{
    /// <summary>All that the message tells; the first is the one that the person's row stands under.</summary>
    public IEnumerable<string> Of(ShopMessage message)
    {
        if (message.CustomerId is { } id)
            yield return $"c:{id}";
        if (message.Email is { } email)
            yield return Of(email);
    }

    public string Of(EmailAddress email) =>
        $"e:{Convert.ToHexStringLower(AddressHash.Compute(ring.Derive(tenantId, KeyPurpose.Address, KeyRing.SecretBytes), email.Key))}";
}
