using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>
/// How often an address may be asked to confirm, and a network may ask: counted over all tenants and nodes, so that nobody can have a
/// stranger mailed through many forms. Neither stands there itself, but a keyed hash.
/// </summary>
internal static class FormTurnStore
{
    private static readonly Duration s_day = Duration.FromHours(24);

    /// <summary>A quarter of an hour after the last mail at the soonest, and three in 24 hours.</summary>
    public static Task<bool> TakeOfAddressAsync(TenantTransaction transaction, KeyRing ring, string emailKey, Instant now) =>
        TakeAsync(transaction, Hash(ring, Encoding.UTF8.GetBytes($"address {emailKey}")), now, Duration.FromMinutes(15), 3, s_day);

    /// <summary>So many in an hour, from the neighbourhood of one address: /24 of IPv4, /64 of IPv6.</summary>
    public static Task<bool> TakeOfNetworkAsync(TenantTransaction transaction, KeyRing ring, IPAddress? address, int perHour, Instant now) =>
        TakeAsync(transaction, Hash(ring, [.. "network "u8, .. NetworkOf(address)]), now, Duration.Zero, perHour, Duration.FromHours(1));

    /// <summary>Forgets a batch that counts no more; true if there may be more.</summary>
    public static async Task<bool> ForgetOldAsync(TenantTransaction transaction, Instant now, int most) => await transaction.ExecuteAsync("""
        DELETE FROM form_turns WHERE subject IN (SELECT subject FROM form_turns WHERE @before > ALL (taken_at) LIMIT @most)
        """, new { before = now - s_day, most }) == most;

    // Exact, however many ask at once: the second waits for the first's row.
    private static async Task<bool> TakeAsync(TenantTransaction transaction, byte[] subject, Instant now, Duration spacing, int most, Duration within) =>
        await transaction.ExecuteAsync("""
            INSERT INTO form_turns AS t (subject, taken_at) VALUES (@subject, ARRAY[@now::timestamptz])
            ON CONFLICT (subject) DO UPDATE
            SET taken_at = array_append(ARRAY(SELECT x FROM unnest(t.taken_at) x WHERE x > @since), @now::timestamptz)
            WHERE (SELECT count(*) < @most AND count(*) FILTER (WHERE x > @spaced) = 0 FROM unnest(t.taken_at) x WHERE x > @since)
            """, new { subject, now, most, spaced = now - spacing, since = now - within }) == 1;

    private static byte[] Hash(KeyRing ring, byte[] subject) =>
        HMACSHA256.HashData(ring.Derive(Guid.Empty, KeyPurpose.FormTurns, KeyRing.SecretBytes), subject)[..16];

    private static byte[] NetworkOf(IPAddress? address) => address is null ? []
        : address.IsIPv4MappedToIPv6 ? NetworkOf(address.MapToIPv4())
        : address.GetAddressBytes()[..(address.AddressFamily == AddressFamily.InterNetwork ? 3 : 8)];
}
