using System.Net;
using CampaignHub.Server.Platform.Outbound;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CampaignHub.Server.Platform;

/// <summary>The base of every link that leaves in a mail: the one that is set, or the first address that is listened on.</summary>
public sealed class PublicUrl(Settings settings, IServer server, OutboundGuard guard)
{
    // RFC 6761, 6762 and 8375, and ICANN's name for private use.
    private static readonly string[] s_innerNames = [".localhost", ".local", ".internal", ".home.arpa", ".test", ".invalid"];

    /// <summary>Without a trailing slash, such as <c>https://mail.shop.example</c>. Known once the service listens.</summary>
    public string Value => (settings.PublicUrl ?? FirstAddress).TrimEnd('/');

    /// <summary>Whether anybody anywhere can follow it, as far as it shows itself: https, and no name or address of an inner network.</summary>
    public bool IsPublicHttps => Uri.TryCreate(Value, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && IsPublic(url);

    private string FirstAddress =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
        ?? throw new InvalidOperationException("The service doesn't listen yet, and CampaignHub__PublicUrl is not set.");

    private bool IsPublic(Uri url) => IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out var address)
        ? guard.Refuse(address) is null && !IPAddress.IsLoopback(address)
        : url.IdnHost.Contains('.', StringComparison.Ordinal)
            && !s_innerNames.Any(end => url.IdnHost.EndsWith(end, StringComparison.OrdinalIgnoreCase));
}
