using System.Text.Json;
using CampaignHub.Core.Relays;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using FluentValidation;
using FluentValidation.Results;

namespace CampaignHub.Server.Relays;

/// <summary>The fields of a new relay.</summary>
public sealed class RelayDraft : RelayChange
{
    /// <summary>A provider out of <c>GET /v1/relay-presets</c>: fields that aren't given are as it wants them. Null: none.</summary>
    /// <example>ses</example>
    public string? Preset { get; set; }

    /// <summary>The provider's region, on which its host depends; see <c>GET /v1/relay-presets</c>.</summary>
    /// <example>eu-central-1</example>
    public string? PresetRegion { get; set; }

    /// <summary>The relay before any field that was given: at its defaults, which are the preset's where there is one.</summary>
    /// <param name="verp">Whether there is a domain for return paths of each delivery's own.</param>
    internal Relay Blank(bool verp = false) => RelayPresets.Named(Preset) is not { } preset ? new Relay { EnvelopeSender = verp ? "verp" : "from" } : new Relay
    {
        Host = preset.HostIn(PresetRegion) ?? "",
        Port = preset.Port,
        Tls = preset.Tls,
        Username = preset.Username,
        MaxConnections = preset.MaxConnections,
        MaxPerSecond = preset.MaxPerSecond,
        MaxMessagesPerConnection = preset.MaxMessagesPerConnection,
        EnvelopeSender = preset.EnvelopeSender,
        HeadersJson = JsonSerializer.Serialize(preset.Headers, ApiJson.Options),
    };

    internal sealed class DraftRules : AbstractValidator<RelayDraft>
    {
        public DraftRules()
        {
            Include(new Rules());
            RuleFor(r => r.Name.Value).NotEmpty().MaximumLength(200);
            RuleFor(r => r.Host.Value).NotEmpty().MaximumLength(253).When(r => r.Preset is null);
            RuleFor(r => r.Preset).OneOf(RelayPresets.All.Select(preset => preset.Name));
            RuleFor(r => r.PresetRegion).Custom((region, context) => CheckRegion(region, context.InstanceToValidate, context.AddFailure));
        }

        /// <summary>A preset's region says which host, so it is given where that is open, and only there.</summary>
        private static void CheckRegion(string? region, RelayDraft body, Action<ValidationFailure> fail)
        {
            var preset = RelayPresets.Named(body.Preset);
            if (region is not null && (preset is null || body.Host.IsSet))
                fail(new("preset_region", "preset_region has no effect unless a preset gives the host; leave it out.") { ErrorCode = "not_applicable" });
            else if (preset is not null && !body.Host.IsSet && preset.HostIn(region) is null)
                fail(new("preset_region", $"preset_region is one of: {string.Join(", ", preset.Hosts.Keys)}.") { ErrorCode = region is null ? "required" : "invalid" });
        }
    }
}
