using System.Security.Cryptography;

namespace CampaignHub.Core.Storefronts;

/// <summary>How both kinds of shop sign what they post: HMAC-SHA256 over the raw body, in Base64, in a header.</summary>
public static class HookSignature
{
    /// <summary>True if the header holds the body's signature under one of the secrets: during a rotation there are two.</summary>
    /// <param name="body">The bytes as they came, before anything reads them.</param>
    /// <param name="signature">The header; null where there is none.</param>
    /// <param name="secrets">Each is compared, in a time that doesn't tell how much of it was right.</param>
    public static bool IsValid(ReadOnlySpan<byte> body, string? signature, IEnumerable<byte[]> secrets)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (signature is not { Length: 44 } || !Convert.TryFromBase64String(signature, given, out var length) || length != given.Length)
            return false;
        var isValid = false;
        foreach (var secret in secrets)
            isValid |= CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(secret, body), given);
        return isValid;
    }

    /// <summary>The header that such a shop would send.</summary>
    public static string Of(ReadOnlySpan<byte> body, byte[] secret) => Convert.ToBase64String(HMACSHA256.HashData(secret, body));
}
