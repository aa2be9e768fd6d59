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

    /// <exception cref="InvalidOperationException">The box is damaged, or the ring has lost the key that it was sealed under.</exception>
    public static byte[] Open(KeyRing ring, Guid tenantId, string purpose, Guid rowId, ReadOnlySpan<byte> box) =>
        SecretBox.Open(ring, tenantId, purpose, rowId, box)
        ?? throw new InvalidOperationException($"The {purpose} of {rowId} was sealed under a key that this ring no longer holds.");

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
