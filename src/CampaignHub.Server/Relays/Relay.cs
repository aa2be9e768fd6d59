using System.Text.Json;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Relays;
using CampaignHub.Core.Sending.Composing.Mime;
using CampaignHub.Server.Platform.Json;
using CampaignHub.Server.Relays.Smtp;
using NodaTime;

namespace CampaignHub.Server.Relays;

/// <summary>A relay as its row holds it. <see cref="RelayView"/> is what callers see.</summary>
internal sealed record Relay
{
    public Guid RelayId { get; init; }
    public string Name { get; init; } = "";
    public string Host { get; init; } = "";
    public int Port { get; init; } = 587;
    public string Tls { get; init; } = "starttls";
    public string? Username { get; init; }
    public byte[]? PasswordEncrypted { get; init; }

    /// <summary>Only where the relay was read to be spoken to; null otherwise.</summary>
    public string? Password { get; init; }

    public string? Region { get; init; }
    public int Weight { get; init; } = 1;
    public int MaxConnections { get; init; } = 4;
    public int? MaxPerSecond { get; init; }
    public int MaxMessagesPerConnection { get; init; } = 100;
    public int[] WarmUp { get; init; } = [];
    public string EnvelopeSender { get; init; } = "from";
    public string? EnvelopeEmail { get; init; }

    /// <summary>PEM; null: the system's.</summary>
    public string? RootCertificates { get; init; }

    public string HeadersJson { get; init; } = "{}";
    public bool Enabled { get; init; } = true;
    public Instant? CheckedAt { get; init; }
    public bool? CheckOk { get; init; }
    public Instant CreatedAt { get; init; }
    public Instant UpdatedAt { get; init; }

    // How it stands (RelayStandingStore), as of when it was read.
    public string? PausedReason { get; init; }
    public Instant? PausedAt { get; init; }

    /// <summary>Real time; null: it doesn't rest.</summary>
    public Instant? RestingUntil { get; init; }

    /// <summary>The part of its own pace at which it is used now: above 0, up to 1.</summary>
    public double Pace { get; init; } = 1;

    /// <summary>What it is when relays are chosen from.</summary>
    public RelayCandidate Candidate => new(RelayId, Weight, Region);

    public IReadOnlyDictionary<string, string> Headers =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(HeadersJson, ApiJson.Options)!;

    /// <summary>What goes on each message handed to this relay: read once, and not once a message.</summary>
    public IReadOnlyList<ExtraHeader> ExtraHeaders => _extraHeaders ??= [.. Headers.Select(h => new ExtraHeader(h.Key, h.Value))];

    // Of a copy with other headers it would be stale: nothing that sends changes a relay.
    private IReadOnlyList<ExtraHeader>? _extraHeaders;

    public RelaySettings Settings => new()
    {
        Host = Host,
        Port = Port,
        Tls = Tls switch { "implicit" => RelayTls.Implicit, "starttls" => RelayTls.StartTls, _ => RelayTls.None },
        Username = Username,
        Password = Password,
        MaxConnections = MaxConnections,
        MaxPerSecond = MaxPerSecond,
        MaxMessagesPerConnection = MaxMessagesPerConnection,
        TrustedRoots = RootCertificates is { } pem && Relays.RootCertificates.TryParse(pem, out var roots, out _) ? roots : null,
    };

    /// <summary>
    /// The sender to try where no campaign is at hand: the login where it is an address (a mailbox relay takes no other), else
    /// the postmaster of the relay's own domain; the null sender for a bare IP.
    /// </summary>
    public string TrialSender =>
        EmailAddress.TryParse(Username, out var login, out _) ? login.Address
        : MailDomain.TryParse(Host, out var domain, out _) ? $"postmaster@{domain}" : "";

    /// <summary>Whether a check of the one holds for the other.</summary>
    public bool IsReachedLike(Relay other) =>
        (Host, Port, Tls, Username, PasswordEncrypted, EnvelopeSender, EnvelopeEmail, RootCertificates)
        == (other.Host, other.Port, other.Tls, other.Username, other.PasswordEncrypted, other.EnvelopeSender, other.EnvelopeEmail, other.RootCertificates);

    // A record prints its members, and this one may hold a password.
    public override string ToString() => $"{Name} ({Settings})";
}
