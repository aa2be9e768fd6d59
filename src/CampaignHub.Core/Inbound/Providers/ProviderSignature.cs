using System.Security.Cryptography;
using System.Text;

namespace CampaignHub.Core.Inbound.Providers;

/// <summary>Whether a post is the provider's, for those that share a secret or a key with us. Never throws, and takes the same time for every wrong one of a length.</summary>
public static class ProviderSignature
{
    /// <summary>Mailgun: HMAC-SHA-256 of time stamp and token under the account's signing key, in hex. The body isn't signed, so a token counts once.</summary>
    public static bool IsMailgun(string secret, string timestamp, string token, string signature)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return signature.Length == 2 * given.Length && Convert.FromHexString(signature, given, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(given, HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(timestamp + token)));
    }

    /// <summary>SendGrid: ECDSA (P-256, SHA-256) of time stamp and body, in DER and Base64, under the webhook's verification key.</summary>
    /// <param name="publicKey">The key as SendGrid shows it: Base64 of a SubjectPublicKeyInfo.</param>
    /// <param name="timestamp">Header <c>X-Twilio-Email-Event-Webhook-Timestamp</c>.</param>
    /// <param name="signature">Header <c>X-Twilio-Email-Event-Webhook-Signature</c>.</param>
    /// <param name="body">The body's bytes, as they came.</param>
    public static bool IsSendgrid(string publicKey, string timestamp, string signature, ReadOnlySpan<byte> body)
    {
        Span<byte> given = stackalloc byte[256];
        if (signature.Length > 200 || timestamp.Length > 40 || !Convert.TryFromBase64String(signature, given, out var length))
            return false;
        using var key = KeyOf(publicKey);
        try
        {
            return key is not null && key.VerifyData([.. Encoding.UTF8.GetBytes(timestamp), .. body], given[..length], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Whether it is such a key.</summary>
    public static bool IsSendgridKey(string? publicKey)
    {
        using var key = KeyOf(publicKey ?? "");
        return key is not null;
    }

    /// <summary>Postmark and Brevo, which sign nothing: the secret itself, as HTTP Basic's password (with any name) or as a Bearer token, over TLS.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="authorization">Header <c>Authorization</c>.</param>
    public static bool IsPassword(string secret, string? authorization)
    {
        const string basic = "Basic ", bearer = "Bearer ";
        var given = authorization is not { Length: <= 8_192 } ? null
            : authorization.StartsWith(bearer, StringComparison.OrdinalIgnoreCase) ? authorization[bearer.Length..].Trim()
            : authorization.StartsWith(basic, StringComparison.OrdinalIgnoreCase) ? PasswordOf(authorization[basic.Length..].Trim())
            : null;
        return given is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
    }

    private static string? PasswordOf(string credentials)
    {
        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? text[(colon + 1)..] : null;
    }

    private static ECDsa? KeyOf(string publicKey)
    {
        var bytes = new byte[publicKey.Length];
        if (publicKey.Length > 1_000 || !Convert.TryFromBase64String(publicKey, bytes, out var length))
            return null;
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(bytes.AsSpan(0, length), out var read);
            if (read == length && key.ExportParameters(false).Curve.Oid.Value == "1.2.840.10045.3.1.7")
                return key;
        }
        catch (CryptographicException)
        {
            // No key.
        }
        key.Dispose();
        return null;
    }
}
