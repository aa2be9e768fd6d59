using CampaignHub.Core.Sending;
using CampaignHub.Core.Sending.Composing.Mime;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Domains;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Relays;

/// <summary>What envelope senders of a tenant's mail, and the tokens that name a delivery to providers, are made from.</summary>
/// <param name="BounceDomain">The verified domain of return paths; null: there is none, and relays with <c>verp</c> carry the From address.</param>
/// <param name="Key">The tenant's key for return paths.</param>
internal sealed record EnvelopeSenders(string? BounceDomain, byte[] Key)
{
    public static async Task<EnvelopeSenders> OfAsync(TenantTransaction transaction, KeyRing ring) => new(
        await DomainStore.VerifiedAsync(transaction, "bounce"), ring.Derive(transaction.TenantId, KeyPurpose.ReturnPath, ReturnPath.KeyBytes));

    /// <summary>The envelope sender of a message through this relay.</summary>
    /// <param name="relay">The relay.</param>
    /// <param name="fromEmail">The campaign's sender.</param>
    /// <param name="deliveryId">The delivery; of a test or a check, which has none, all zeros.</param>
    public string Of(Relay relay, string fromEmail, Guid deliveryId) => relay.EnvelopeSender switch
    {
        "fixed" => relay.EnvelopeEmail!,
        "verp" when BounceDomain is { } domain => ReturnPath.Make(Key, deliveryId, domain),
        _ => fromEmail,
    };

    /// <summary>The relay's headers as a message of this delivery has them; of a test, which has none, all zeros.</summary>
    public IReadOnlyList<ExtraHeader> HeadersOf(Relay relay, Guid deliveryId)
    {
        if (!relay.ExtraHeaders.Any(header => header.NamesDelivery))
            return relay.ExtraHeaders;
        var token = ReturnPath.LocalPart(Key, deliveryId);
        return [.. relay.ExtraHeaders.Select(header => header.For(token))];
    }

    /// <summary>The envelope sender that a check tries, without a campaign at hand.</summary>
    public string TrialOf(Relay relay) => Of(relay, relay.TrialSender, Guid.Empty);
}
