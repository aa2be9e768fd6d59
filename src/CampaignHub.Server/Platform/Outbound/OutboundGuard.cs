using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CampaignHub.Server.Platform.Outbound;

/// <summary>
/// The one door through which the service reaches hosts that tenants name (relays, webhooks, shops). A host is allowed
/// when every address it resolves to is public unicast or inside <c>CampaignHub:Outbound:AllowedNetworks</c>.
/// </summary>
public sealed class OutboundGuard
{
    /// <summary>Configuration key of the CIDR list of networks allowed beside the public Internet.</summary>
    public const string AllowedNetworksKey = "CampaignHub:Outbound:AllowedNetworks";

    private static readonly IPNetwork[] Loopback = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = false };

    private readonly IPNetwork[] allowed;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve;

    /// <param name="allowed">Networks allowed beside the public Internet.</param>
    /// <param name="resolve">Looks a name up; by default the system's resolver. Throws <see cref="SocketException"/>.</param>
    public OutboundGuard(
        IEnumerable<IPNetwork> allowed, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        this.allowed = [.. allowed];
        this.resolve = resolve ?? Dns.GetHostAddressesAsync;
    }

    /// <summary>Reads the allowed networks; Development adds loopback.</summary>
    /// <exception cref="FormatException">An entry is not a CIDR network; the message names it.</exception>
    public static OutboundGuard FromConfiguration(IConfiguration configuration, IHostEnvironment environment)
    {
        var configured = configuration.GetSection(AllowedNetworksKey).Get<string[]>() ?? [];
        var networks = configured.Select(ParseNetwork);
        return new OutboundGuard(environment.IsDevelopment() ? networks.Concat(Loopback) : networks);
    }

    /// <summary>Why the address may not be connected to; null when it may.</summary>
    public string? Refuse(IPAddress address)
    {
        var target = AddressRanges.Unwrap(address);
        if (allowed.Any(network => network.Contains(target) || network.Contains(address)))
            return null;
        return AddressRanges.SpecialKind(target);
    }

    /// <summary>
    /// Resolves a name or address (in any spelling) and checks all that it leads to. One address that is not allowed
    /// refuses the host as a whole: which of them answers would otherwise be left to chance, or to an attacker.
    /// </summary>
    public async Task<OutboundTarget> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (Normalise(host) is not { } name)
            return OutboundTarget.Refused(host, OutboundRefusalKind.InvalidHost, $"'{Shown(host)}' is not a host name.");
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(name, out var literal) ? [literal] : await resolve(name, cancellationToken);
        }
        catch (SocketException exception)
        {
            return OutboundTarget.Refused(host, OutboundRefusalKind.NotFound,
                $"'{name}' could not be resolved: {exception.SocketErrorCode}.");
        }
        return Check(name, addresses);
    }

    private OutboundTarget Check(string host, IPAddress[] addresses)
    {
        if (addresses.Length == 0)
            return OutboundTarget.Refused(host, OutboundRefusalKind.NotFound, $"'{host}' has no address.");
        foreach (var address in addresses)
        {
            if (Refuse(address) is { } kind)
            {
                return OutboundTarget.Refused(host, OutboundRefusalKind.NotAllowed,
                    $"'{host}' leads to {address}, {kind}, which is not allowed ({AllowedNetworksKey}).");
            }
        }
        return new OutboundTarget(host, addresses, null);
    }

    // Brackets and a final dot go; names in other scripts become punycode. Whatever is left must look like a host.
    private static string? Normalise(string host)
    {
        var name = host.Trim();
        if (name.StartsWith('[') && name.EndsWith(']'))
            name = name[1..^1];
        if (IPAddress.TryParse(name, out _))
            return name;
        name = name.TrimEnd('.');
        if (name.Length is 0 or > 253)
            return null;
        try
        {
            name = Idn.GetAscii(name);
        }
        catch (ArgumentException)
        {
            return null; // not a name under any script: the caller answers InvalidHost
        }
        return name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? name : null;
    }

    private static string Shown(string host) => host.Length <= 80 ? host : host[..80] + "…";

    private static IPNetwork ParseNetwork(string text) =>
        IPNetwork.TryParse(text, out var network)
            ? network
            : throw new FormatException($"{AllowedNetworksKey}: '{text}' is not a network such as 10.1.0.0/16.");
}
