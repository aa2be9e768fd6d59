using System.Security.Cryptography;
using CampaignHub.Core.Sending.Signing;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math.EC.Rfc8032;
using Org.BouncyCastle.Security;

namespace CampaignHub.Core.Tests.Sending.Signing;

/// <summary>Keys of a sending domain, and the DNS that would publish them.</summary>
internal sealed class DkimKeys : IDkimPublicKeyLocator
{
    // RFC 8463, appendix A.
    private static readonly byte[] Seed = Convert.FromBase64String("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");
    private static readonly RSA Rsa = RSA.Create(2048);

    public static readonly DkimKey RsaKey = new("shop.example", "r2026", DkimAlgorithm.RsaSha256, Rsa.ExportPkcs8PrivateKey());
    public static readonly DkimKey Ed25519Key = new("shop.example", "e2026", DkimAlgorithm.Ed25519Sha256, Seed);

    /// <summary>As its TXT record has it.</summary>
    public static string Record(DkimKey key) => key.Algorithm == DkimAlgorithm.RsaSha256
        ? $"v=DKIM1; k=rsa; p={Convert.ToBase64String(Rsa.ExportSubjectPublicKeyInfo())}"
        : $"v=DKIM1; k=ed25519; p={Convert.ToBase64String(Public())}";

    public AsymmetricKeyParameter LocatePublicKey(string methods, string domain, string selector, CancellationToken cancellationToken = default)
    {
        domain.ShouldBe("shop.example");
        return selector == Ed25519Key.Selector ? new Ed25519PublicKeyParameters(Public(), 0) : PublicKeyFactory.CreateKey(Rsa.ExportSubjectPublicKeyInfo());
    }

    public Task<AsymmetricKeyParameter> LocatePublicKeyAsync(string methods, string domain, string selector, CancellationToken cancellationToken = default) =>
        Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));

    private static byte[] Public()
    {
        var key = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(Seed, 0, key, 0);
        return key;
    }
}
