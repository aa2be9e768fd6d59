using System.Security.Cryptography;
using System.Text;
using CampaignHub.Core.Tenancy;
using NodaTime;

namespace CampaignHub.Server.Platform;

/// <summary>Secrets as rows hold them: sealed by Core's <see cref="SecretBox"/> under the tenant's key, for one purpose and one row.</summary>
internal static class SealedSecret
{
    public static byte[] Seal(KeyRing ring, Guid tenantId, string purpose, Guid rowId, ReadOnlySpan<byte> secret) =>
        SecretBox.Seal(ring, tenantId, purpose, rowId, secret, RandomNumberGenerator.GetBytes(SecretBox.NonceBytes));

    public static byte[] Seal(KeyRing ring, Guid tenantId, string purpose, Guid rowId, string secret) =>
        Seal(ring, tenantId, purpose, rowId, Encoding.UTF8.GetBytes(secret));

    /// <exception cref="SealedSecretException">The box is damaged, or the ring has lost the key that it was sealed under.</exception>
    public static byte[] Open(KeyRing ring, Guid tenantId, string purpose, Guid rowId, ReadOnlySpan<byte> box) =>
        SecretBox.Open(ring, tenantId, purpose, rowId, box)
        ?? throw new SealedSecretException($"The secret {purpose} of {rowId} can't be opened with this node's key ring: " +
            "put the line that the ring has lost back and restart the node, or give the secret anew.");

    /// <inheritdoc cref="Open"/>
    public static string OpenText(KeyRing ring, Guid tenantId, string purpose, Guid rowId, ReadOnlySpan<byte> box) =>
        Encoding.UTF8.GetString(Open(ring, tenantId, purpose, rowId, box));

    /// <summary>The boxes that count at a moment, the newest first: during a rotation there are two.</summary>
    /// <param name="current">The newest; null where there is none.</param>
    /// <param name="former">The one before it.</param>
    /// <param name="formerUntil">Until when that counts.</param>
    /// <param name="now">Business time.</param>
    public static IReadOnlyList<byte[]> Counting(byte[]? current, byte[]? former, Instant? formerUntil, Instant now) =>
        [.. new[] { current, formerUntil > now ? former : null }.OfType<byte[]>()];
}

/// <summary>
/// A stored secret can't be opened: the key ring has lost the key that it was sealed under, or its box is damaged. The message is one
/// sentence that says what to do.
/// </summary>
internal sealed class SealedSecretException(string message) : Exception(message);
