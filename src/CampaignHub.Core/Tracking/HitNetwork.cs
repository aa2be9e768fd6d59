using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace CampaignHub.Core.Tracking;

/// <summary>
/// The network that a hit comes from, as a keyed hash of one day: hits of a network are known to be of one on that day. Nobody can join them over
/// days, or find the address by trying all, without the key ring.
/// </summary>
public static class HitNetwork
{
    /// <summary>Length of the tenant's key, in bytes.</summary>
    public const int KeyBytes = 32;

    /// <summary>Length of a hash, in bytes: of a million networks a day, two share one by chance once in 37 million days.</summary>
    public const int Bytes = 8;

    /// <summary>What isn't public is the network between us and a proxy, or everybody's inside of a company: it tells people apart from nobody.</summary>
    private static readonly NetworkSet s_private = NetworkSet.Parse(
    [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "::/127", "fc00::/7", "fe80::/10",
    ]);

    /// <summary>The hash; null where the address isn't public.</summary>
    /// <param name="address">The address. A network is an IPv4 address, or the first 64 bits of an IPv6 one.</param>
    /// <param name="at">When the hit came: its day is UTC's.</param>
    /// <param name="key">The tenant's key.</param>
    public static byte[]? HashOf(IPAddress address, Instant at, ReadOnlySpan<byte> key)
    {
        if (s_private.Contains(address))
            return null;
        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        Span<byte> day = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(at.InUtc().Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture)), day);
        // Of different lengths, so that none of one family is one of the other.
        return HMACSHA256.HashData(day, bytes.Length == 4 ? bytes : bytes.AsSpan(0, 8))[..Bytes];
    }
}
