using CampaignHub.Core.Relays;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Relays;

/// <summary>A provider that a relay can be set up for by name.</summary>
public sealed record RelayPresetView
{
    /// <summary>Give it as <c>preset</c> to <c>POST /v1/relays</c>.</summary>
    public string Preset { get; init; } = "";

    /// <summary>The provider's name.</summary>
    public string Title { get; init; } = "";

    /// <summary>Host by <c>preset_region</c>.</summary>
    public IReadOnlyDictionary<string, string> Hosts { get; init; } = new Dictionary<string, string>();

    /// <summary>The <c>preset_region</c> that is meant where none is given; null: give one.</summary>
    public string? DefaultRegion { get; init; }

    /// <summary>The port.</summary>
    public int Port { get; init; }

    /// <summary><c>starttls</c> or <c>implicit</c>.</summary>
    public string Tls { get; init; } = "";

    /// <summary>The login's name where it is the same for everybody.</summary>
    public string? Username { get; init; }

    /// <summary>Connections at once.</summary>
    public int MaxConnections { get; init; }

    /// <summary>Messages a second; null: no limit that holds for everybody.</summary>
    public int? MaxPerSecond { get; init; }

    /// <summary>Messages before a connection is closed.</summary>
    public int MaxMessagesPerConnection { get; init; }

    /// <summary>The envelope sender: <c>from</c>.</summary>
    public string EnvelopeSender { get; init; } = "";

    /// <summary>Headers that go on each message.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>What has to be done at the provider, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Where the provider's documentation is.</summary>
    public string Documentation { get; init; } = "";

    internal static RelayPresetView Of(RelayPreset preset) => new()
    {
        Preset = preset.Name,
        Title = preset.Title,
        Hosts = preset.Hosts,
        DefaultRegion = preset.DefaultRegion,
        Port = preset.Port,
        Tls = preset.Tls,
        Username = preset.Username,
        MaxConnections = preset.MaxConnections,
        MaxPerSecond = preset.MaxPerSecond,
        MaxMessagesPerConnection = preset.MaxMessagesPerConnection,
        EnvelopeSender = preset.EnvelopeSender,
        Headers = preset.Headers,
        Notes = preset.Notes,
        Documentation = preset.Documentation.AbsoluteUri,
    };
}

/// <summary>All presets.</summary>
/// <param name="Data">One for each provider.</param>
public sealed record RelayPresetsView(IReadOnlyList<RelayPresetView> Data);

/// <summary>Lists the providers that a relay can be set up for by name, with what has to be done at each.</summary>
internal sealed class ListRelayPresets : ApiEndpoint<Nothing, RelayPresetsView>
{
    public override void Configure()
    {
        Get("/v1/relay-presets");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "List the presets of relays");
    }

    protected override Task<Answer<RelayPresetsView>> AnswerAsync(Nothing request, TenantTransaction transaction) =>
        Task.FromResult<Answer<RelayPresetsView>>(new RelayPresetsView([.. RelayPresets.All.Select(RelayPresetView.Of)]));
}
