using System.Collections.Concurrent;
using CampaignHub.Core.Sending.Signing;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Domains;

/// <summary>What mail from a domain is signed with; made once for each set of keys, since reading a key costs more than a signature.</summary>
public sealed class DkimSigners(KeyRing keyRing)
{
    private readonly ConcurrentDictionary<(Guid TenantId, string Domain), (string Keys, DkimSigner Signer)> _known = new();

    /// <summary>The signer of mail from this address; null where no domain above it is verified.</summary>
    /// <param name="transaction">Of the tenant.</param>
    /// <param name="fromEmail">The From address, its domain in A-labels.</param>
    public async Task<DkimSigner?> OfAsync(TenantTransaction transaction, string fromEmail)
    {
        var domain = fromEmail[(fromEmail.LastIndexOf('@') + 1)..];
        var keys = await DomainStore.SigningKeysAsync(transaction, keyRing, domain);
        if (keys.Count == 0)
            return null;
        // After a rotation the old signer is left to the collector: messages may still be under way with it.
        var names = string.Join(' ', keys);
        return _known.AddOrUpdate(
            (transaction.TenantId, domain), _ => (names, new DkimSigner(keys)), (_, known) => known.Keys == names ? known : (names, new DkimSigner(keys))).Signer;
    }

    /// <summary>The same; or why its keys can't be opened: mail from a verified domain isn't sent unsigned for that.</summary>
    /// <param name="transaction">Of the tenant.</param>
    /// <param name="fromEmail">The From address, its domain in A-labels.</param>
    public async Task<(DkimSigner? Signer, string? Lost)> OfOrWhyNotAsync(TenantTransaction transaction, string fromEmail)
    {
        try
        {
            return (await OfAsync(transaction, fromEmail), null);
        }
        catch (SealedSecretException lost)
        {
            return (null, lost.Message);
        }
    }
}
