namespace CampaignHub.Core.Sending.Signing;

/// <summary>How a DKIM signature is made (RFC 6376 3.3, RFC 8463).</summary>
public enum DkimAlgorithm
{
    /// <summary><c>rsa-sha256</c>.</summary>
    RsaSha256,

    /// <summary><c>ed25519-sha256</c>.</summary>
    Ed25519Sha256,
}

/// <summary>A key with which mail is signed.</summary>
/// <param name="Domain">The signing domain (<c>d=</c>), lower case, A-labels.</param>
/// <param name="Selector">Where under the domain the public key is (<c>s=</c>).</param>
/// <param name="Algorithm">What the key is for.</param>
/// <param name="PrivateKey">PKCS#8 DER for RSA; the 32-byte seed for Ed25519.</param>
public sealed record DkimKey(string Domain, string Selector, DkimAlgorithm Algorithm, byte[] PrivateKey)
{
    // A record prints its members, and this one holds a private key.
    public override string ToString() => $"{Selector}._domainkey.{Domain} ({Algorithm})";
}
