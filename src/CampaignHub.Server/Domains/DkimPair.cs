using System.Security.Cryptography;
using CampaignHub.Core.Domains;
using CampaignHub.Core.Sending.Signing;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using NodaTime;
using Org.BouncyCastle.Crypto.Parameters;

namespace CampaignHub.Server.Domains;

/// <summary>
/// An RSA and an Ed25519 key of a domain, with which each message is signed twice: receivers that don't know Ed25519 yet
/// have the other. The private keys lie sealed.
/// </summary>
internal sealed record DkimPair
{
    private const int RsaBits = 2048;
    private const string RsaPurpose = "domain.dkim_rsa";
    private const string Ed25519Purpose = "domain.dkim_ed25519";

    public Guid PairId { get; init; }
    public Guid DomainId { get; init; }
    public int Generation { get; init; }
    public string RsaSelector { get; init; } = "";
    public byte[] RsaPublic { get; init; } = [];
    public byte[] RsaPrivateEncrypted { get; init; } = [];
    public string Ed25519Selector { get; init; } = "";
    public byte[] Ed25519Public { get; init; } = [];
    public byte[] Ed25519PrivateEncrypted { get; init; } = [];
    public Instant CreatedAt { get; init; }
    public Instant? ActivatedAt { get; init; }
    public Instant? RetiredAt { get; init; }

    public DkimRecord RsaRecord => new(DkimAlgorithm.RsaSha256, RsaPublic);

    public DkimRecord Ed25519Record => new(DkimAlgorithm.Ed25519Sha256, Ed25519Public);

    public static DkimPair Create(KeyRing keyRing, Guid tenantId, Guid domainId, int generation, Instant now)
    {
        var pairId = Guid.CreateVersion7();
        using var rsa = RSA.Create(RsaBits);
        var seed = RandomNumberGenerator.GetBytes(Ed25519PrivateKeyParameters.KeySize);
        return new DkimPair
        {
            PairId = pairId,
            DomainId = domainId,
            Generation = generation,
            RsaSelector = Selector(generation, 'r', domainId),
            RsaPublic = rsa.ExportSubjectPublicKeyInfo(),
            RsaPrivateEncrypted = SealedSecret.Seal(keyRing, tenantId, RsaPurpose, pairId, rsa.ExportPkcs8PrivateKey()),
            Ed25519Selector = Selector(generation, 'e', domainId),
            Ed25519Public = new Ed25519PrivateKeyParameters(seed).GeneratePublicKey().GetEncoded(),
            Ed25519PrivateEncrypted = SealedSecret.Seal(keyRing, tenantId, Ed25519Purpose, pairId, seed),
            CreatedAt = now,
        };
    }

    /// <summary>The keys with which mail from the domain is signed.</summary>
    public IReadOnlyList<DkimKey> Open(KeyRing keyRing, Guid tenantId, string domain) =>
    [
        new(domain, RsaSelector, DkimAlgorithm.RsaSha256, SealedSecret.Open(keyRing, tenantId, RsaPurpose, PairId, RsaPrivateEncrypted)),
        new(domain, Ed25519Selector, DkimAlgorithm.Ed25519Sha256, SealedSecret.Open(keyRing, tenantId, Ed25519Purpose, PairId, Ed25519PrivateEncrypted)),
    ];

    // The end of the domain's id keeps two tenants, or two installations, with one domain from needing one host.
    private static string Selector(int generation, char algorithm, Guid domainId) => $"ch{generation}{algorithm}-{domainId.ToString("N")[^6..]}";

    // A record prints its members; these are keys.
    public override string ToString() => $"{RsaSelector}, {Ed25519Selector}";
}
