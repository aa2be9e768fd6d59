using System.Security.Cryptography;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace CampaignHub.Core.Sending.Signing;

/// <summary>A parsed key. Signing is deterministic and safe from many threads.</summary>
internal abstract class DkimPrivateKey : IDisposable
{
    /// <summary>The <c>a=</c> tag's word.</summary>
    public abstract string Algorithm { get; }

    /// <exception cref="CryptographicException">It is no key of its algorithm.</exception>
    public static DkimPrivateKey Parse(DkimKey key) => key.Algorithm switch
    {
        DkimAlgorithm.RsaSha256 => new RsaKey(key.PrivateKey),
        DkimAlgorithm.Ed25519Sha256 => new Ed25519Key(key.PrivateKey),
        _ => throw new ArgumentOutOfRangeException(nameof(key), key.Algorithm, "There is no such algorithm."),
    };

    /// <param name="hash">SHA-256 of what is signed.</param>
    public abstract byte[] Sign(byte[] hash);

    public abstract void Dispose();

    private sealed class RsaKey : DkimPrivateKey
    {
        // One instance a thread: the framework promises nothing of one that several use at once.
        private readonly ThreadLocal<RSA> _rsa;

        public RsaKey(byte[] pkcs8)
        {
            _rsa = new(() => Import(pkcs8), trackAllValues: true);
            _ = _rsa.Value;
        }

        public override string Algorithm => "rsa-sha256";

        public override byte[] Sign(byte[] hash) => _rsa.Value!.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

        public override void Dispose()
        {
            foreach (var rsa in _rsa.Values)
                rsa.Dispose();
            _rsa.Dispose();
        }

        private static RSA Import(byte[] pkcs8)
        {
            var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(pkcs8, out _);
            return rsa;
        }
    }

    private sealed class Ed25519Key : DkimPrivateKey
    {
        private readonly byte[] _seed;
        private readonly byte[] _public = new byte[Ed25519.PublicKeySize];

        public Ed25519Key(byte[] seed)
        {
            if (seed.Length != Ed25519.SecretKeySize)
                throw new CryptographicException($"An Ed25519 key's seed has {Ed25519.SecretKeySize} bytes.");
            _seed = seed;
            Ed25519.GeneratePublicKey(seed, 0, _public, 0);
        }

        public override string Algorithm => "ed25519-sha256";

        // RFC 8463, 3: what is signed is the hash itself.
        public override byte[] Sign(byte[] hash)
        {
            var signature = new byte[Ed25519.SignatureSize];
            Ed25519.Sign(_seed, 0, _public, 0, hash, 0, hash.Length, signature, 0);
            return signature;
        }

        public override void Dispose()
        {
            // Nothing native is held.
        }
    }
}
