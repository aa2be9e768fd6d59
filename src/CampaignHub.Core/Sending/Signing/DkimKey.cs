namespace CampaignHub.Core.Sending.Signing;

/// <summary>How a DKIM signature is made; both over SHA-256.</summary>
public enum DkimAlgorithm
{
    /// <summary><c>rsa-sha256</c>, RFC 6376: every mailbox provider reads it.</summary>
    RsaSha256,

    /// <summary><c>ed25519-sha256</c>, RFC 8463: short and fast, and not read by all.</summary>
    Ed25519Sha256,
}

/// <summary>A key of a sending domain, whose public half stands in the DNS at <c>selector._domainkey.domain</c>.</summary>
/// <param name="Domain">In A-labels.</param>
/// <param name="Selector">Letters, digits, hyphens and dots.</param>
/// <param name="Algorithm">What the key is for.</param>
/// <param name="PrivateKey">PKCS#8 in DER for RSA, the 32-byte seed for Ed25519.</param>
public sealed record DkimKey(string Domain, string Selector, DkimAlgorithm Algorithm, byte[] PrivateKey)
{
    // A record prints its members, and this one holds a secret.
    public override string ToString() => $"{Selector}._domainkey.{Domain} ({Algorithm})";
}
