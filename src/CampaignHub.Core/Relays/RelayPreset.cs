namespace CampaignHub.Core.Relays;

/// <summary>What a provider's own documentation says of its SMTP service: defaults for the relay of somebody who uses it.</summary>
public sealed record RelayPreset
{
    /// <summary>Its word in the API, such as <c>ses</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The provider's name for people.</summary>
    public required string Title { get; init; }

    /// <summary>Host by the provider's region; a provider with one host has it under <see cref="Everywhere"/>.</summary>
    public required IReadOnlyDictionary<string, string> Hosts { get; init; }

    /// <summary>The region that is meant where none is given; null: it has to be given.</summary>
    public string? DefaultRegion { get; init; }

    /// <summary>587 with STARTTLS, 465 with implicit TLS.</summary>
    public int Port { get; init; } = 587;

    /// <summary><c>starttls</c> or <c>implicit</c>: no preset goes without TLS.</summary>
    public string Tls { get; init; } = "starttls";

    /// <summary>Where the login's name is the same for everybody.</summary>
    public string? Username { get; init; }

    /// <summary>Connections at once.</summary>
    public int MaxConnections { get; init; } = 10;

    /// <summary>Null: the provider names no limit that holds for everybody.</summary>
    public int? MaxPerSecond { get; init; }

    /// <summary>Messages before a connection is closed.</summary>
    public int MaxMessagesPerConnection { get; init; } = 100;

    /// <summary><c>from</c>: providers set a return path of their own, and mailboxes refuse any other sender.</summary>
    public string EnvelopeSender { get; init; } = "from";

    /// <summary>What switches the provider's own tracking off, names its stream, and has it name the delivery in what it posts.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>What has to be done at the provider, a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The provider's documentation.</summary>
    public required Uri Documentation { get; init; }

    /// <summary>The region of a provider that has one host for all.</summary>
    public const string Everywhere = "global";

    /// <summary>The host in a region of the provider's, or null where it has none there.</summary>
    public string? HostIn(string? region) =>
        (region ?? DefaultRegion) is { } name && Hosts.TryGetValue(name, out var host) ? host : null;
}
