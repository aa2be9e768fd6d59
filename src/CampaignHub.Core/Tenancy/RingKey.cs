using System.Security.Cryptography;

namespace CampaignHub.Core.Tenancy;

/// <summary>One master secret of a <see cref="KeyRing"/>, with the id under which what it sealed names it.</summary>
internal sealed class RingKey
{
    /// <summary>HKDF's salt: a fixed label that keeps our keys apart from any other use of the same secret.</summary>
    private static ReadOnlySpan<byte> Salt => "CampaignHub key ring 1"u8;

    private readonly byte[] _secret;

    /// <summary>HKDF's extract step depends on the secret alone, so it is done once and only expand is left for each key.</summary>
    private readonly byte[] _pseudoRandomKey;

    public RingKey(string id, byte[] secret)
    {
        Id = id;
        _secret = secret;
        _pseudoRandomKey = new byte[SHA256.HashSizeInBytes];
        HKDF.Extract(HashAlgorithmName.SHA256, secret, Salt, _pseudoRandomKey);
        Fingerprint = FingerprintOf(secret);
    }

    public string Id { get; }

    public string Fingerprint { get; }

    public static string FingerprintOf(ReadOnlySpan<byte> secret)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, "fingerprint"u8, hash);
        return Convert.ToHexStringLower(hash[..8]);
    }

    public byte[] Expand(ReadOnlySpan<byte> info, int length)
    {
        var key = new byte[length];
        HKDF.Expand(HashAlgorithmName.SHA256, _pseudoRandomKey, key, info);
        return key;
    }

    public string ToLine() => $"{Id}:{Convert.ToBase64String(_secret)}";
}
