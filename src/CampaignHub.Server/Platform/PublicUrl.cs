using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CampaignHub.Server.Platform;

/// <summary>The base of every link that leaves in a mail: the one that is set, or the first address that is listened on.</summary>
public sealed class PublicUrl(Settings settings, IServer server)
{
    /// <summary>Without a trailing slash, such as <c>https://mail.shop.example</c>. Known once the service listens.</summary>
    public string Value => (settings.PublicUrl ?? FirstAddress).TrimEnd('/');

    private string FirstAddress =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
        ?? throw new InvalidOperationException("The service doesn't listen yet, and CampaignHub__PublicUrl is not set.");
}
