using System.Net;
using System.Net.Sockets;

namespace CampaignHub.Server.Platform.Outbound;

/// <summary>
/// Which addresses belong to the public Internet, after the IANA special-purpose registries (RFC 6890, RFC 8190).
/// IPv4 is public unless listed; IPv6 is public only inside 2000::/3 and not listed, so what the registry
/// adds later outside of it stays refused.
/// </summary>
internal static class AddressRanges
{
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    private static readonly (IPNetwork Network, string Kind)[] Special =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "an unspecified address"),
        (IPNetwork.Parse("10.0.0.0/8"), "a private address"),
        (IPNetwork.Parse("100.64.0.0/10"), "a carrier-grade NAT address"),
        (IPNetwork.Parse("127.0.0.0/8"), "a loopback address"),
        (IPNetwork.Parse("168.63.129.16/32"), "a cloud platform's metadata address"),
        (IPNetwork.Parse("169.254.0.0/16"), "a link-local or metadata address"),
        (IPNetwork.Parse("172.16.0.0/12"), "a private address"),
        (IPNetwork.Parse("192.0.0.0/24"), "a protocol assignment or metadata address"),
        (IPNetwork.Parse("192.0.2.0/24"), "a documentation address"),
        (IPNetwork.Parse("192.88.99.0/24"), "a 6to4 relay address"),
        (IPNetwork.Parse("192.168.0.0/16"), "a private address"),
        (IPNetwork.Parse("198.18.0.0/15"), "a benchmarking address"),
        (IPNetwork.Parse("198.51.100.0/24"), "a documentation address"),
        (IPNetwork.Parse("203.0.113.0/24"), "a documentation address"),
        (IPNetwork.Parse("224.0.0.0/4"), "a multicast address"),
        (IPNetwork.Parse("240.0.0.0/4"), "a reserved address"),
        (IPNetwork.Parse("::/128"), "an unspecified address"),
        (IPNetwork.Parse("::1/128"), "a loopback address"),
        (IPNetwork.Parse("2001::/23"), "a protocol assignment or Teredo address"),
        (IPNetwork.Parse("2001:db8::/32"), "a documentation address"),
        (IPNetwork.Parse("3fff::/20"), "a documentation address"),
        (IPNetwork.Parse("fc00::/7"), "a private address"),
        (IPNetwork.Parse("fe80::/10"), "a link-local address"),
        (IPNetwork.Parse("fec0::/10"), "a site-local address"),
        (IPNetwork.Parse("ff00::/8"), "a multicast address"),
    ];

    /// <summary>Why the address is not a public unicast one; null when it is. Expects an unwrapped address.</summary>
    public static string? SpecialKind(IPAddress address)
    {
        foreach (var (network, kind) in Special)
        {
            if (network.Contains(address))
                return kind;
        }
        return address.AddressFamily == AddressFamily.InterNetworkV6 && !GlobalUnicast.Contains(address)
            ? "a reserved address"
            : null;
    }

    /// <summary>The IPv4 address that an IPv4-mapped, NAT64 (RFC 6052) or 6to4 (RFC 3056) address leads to; else itself.</summary>
    public static IPAddress Unwrap(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (Nat64.Contains(address))
            return new IPAddress(address.GetAddressBytes().AsSpan(12, 4));
        if (SixToFour.Contains(address))
            return new IPAddress(address.GetAddressBytes().AsSpan(2, 4));
        return address;
    }
}
