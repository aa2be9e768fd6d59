namespace CampaignHub.Server.Demo.Readers;

/// <summary>A security gateway: it follows every link of each mail to its domain within a second of delivery.</summary>
/// <param name="Domain">The mail domain that it guards.</param>
/// <param name="UserAgent">What it says it is.</param>
/// <param name="FetchesImages">Whether it loads the pixel too.</param>
/// <param name="Network">Its own network.</param>
internal sealed record Gateway(string Domain, string UserAgent, bool FetchesImages, string Network)
{
    /// <summary>The first says what it is; the second borrows a browser's name, and only its haste gives it away.</summary>
    public static readonly IReadOnlyList<Gateway> All =
    [
        new("shop.example", "Mozilla/5.0 (compatible; GatewayScanner/3.1)", FetchesImages: true, "2001:db8:f001::25"),
        new("team.office.example", Programs.DesktopBrowser, FetchesImages: false, "2001:db8:f002::25"),
    ];

    public static Gateway? Of(string address) =>
        All.FirstOrDefault(gateway => address.EndsWith("@" + gateway.Domain, StringComparison.OrdinalIgnoreCase));
}
