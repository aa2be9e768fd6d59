namespace CampaignHub.Server.Platform.OpenApi;

/// <summary>A room of the service as a tag of its calls, in the order of the data's way.</summary>
internal sealed record Room(string Name, string Description)
{
    private const string RootNamespace = "CampaignHub.Server.";

    public static IReadOnlyList<Room> All { get; } =
    [
        new("Tenancy", "Tenants, each isolated from every other, and their API keys."),
        new("Audience", "Recipients with their consent and time zone, lists, segments, suppressions, and imports."),
        new("Storefronts", "Connected shops, whose buyers become recipients."),
        new("Domains", "The domains that mail is sent from: their DNS records and DKIM keys."),
        new("Relays", "The SMTP servers that mail is handed to."),
        new("Campaigns", "Campaigns and templates: content, audience and schedule."),
        new("Scheduling", "Plans and waves: who gets a campaign at which instant, and why."),
        new("Sending", "The ledger of deliveries."),
        new("Tracking", "Opens, clicks and unsubscribing: the public addresses inside each message."),
        new("Inbound", "What comes back by mail and from providers: bounces, complaints, replies."),
        new("Reports", "Open rates, click rates and timing, read from roll-ups."),
        new("Events", "The feed of everything that happened to a delivery, in order and without gaps."),
        new("Webhooks", "Endpoints of the tenant's that are called with events."),
        new("Service", "Health and metrics of the service itself."),
    ];

    public int Order => All.TakeWhile(room => room.Name != Name).Count();

    public static Room? Named(string? name) => All.FirstOrDefault(room => room.Name == name);

    /// <summary>The room that an endpoint lives in, by its namespace; what lives in none is the service's own.</summary>
    public static Room Of(Type? endpoint)
    {
        var place = endpoint?.Namespace is { } space && space.StartsWith(RootNamespace, StringComparison.Ordinal)
            ? space[RootNamespace.Length..].Split('.')[0] : "";
        return Named(place) ?? All[^1];
    }
}
