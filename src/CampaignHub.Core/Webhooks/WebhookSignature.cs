using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CampaignHub.Core.Webhooks;

/// <summary>Signs what is sent to a webhook, as Standard Webhooks (standardwebhooks.com, 1.0.0) has it.</summary>
public static class WebhookSignature
{
    /// <summary>Length of a secret's random bytes.</summary>
    public const int SecretBytes = 32;

    private const string Prefix = "whsec_";

    /// <summary>A secret as its holder is given it: <c>whsec_</c> and Base64.</summary>
    public static string Format(ReadOnlySpan<byte> secret) => Prefix + Convert.ToBase64String(secret);

    /// <summary>
    /// The header <c>webhook-signature</c>: for each secret <c>v1,</c> and the Base64 of HMAC-SHA-256 over id, time stamp and body,
    /// joined by dots; several, while a secret is being rotated, are set apart by spaces.
    /// </summary>
    /// <param name="id">The message's id, the same each time that it is sent.</param>
    /// <param name="timestamp">Seconds since 1970 at which this attempt is made.</param>
    /// <param name="body">The body's bytes.</param>
    /// <param name="secrets">The secrets that count now.</param>
    public static string Sign(string id, long timestamp, ReadOnlySpan<byte> body, params IEnumerable<byte[]> secrets)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, content))}"));
    }
}
