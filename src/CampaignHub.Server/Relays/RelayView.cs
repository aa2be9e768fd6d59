using System.ComponentModel.DataAnnotations;
using NodaTime;

namespace CampaignHub.Server.Relays;

/// <summary>An SMTP server that mail is handed to. Its password is written, never read back.</summary>
public sealed record RelayView
{
    /// <summary>The relay's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>A name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>Name or address of the server.</summary>
    public string Host { get; init; } = "";

    /// <summary>1 to 65535.</summary>
    public int Port { get; init; }

    /// <summary><c>none</c>, <c>starttls</c> (required, never downgraded) or <c>implicit</c>.</summary>
    [AllowedValues("none", "starttls", "implicit")]
    public string Tls { get; init; } = "";

    /// <summary>The login; null: none.</summary>
    public string? Username { get; init; }

    /// <summary>The region whose countries' mail leaves through it first; null: none.</summary>
    public string? Region { get; init; }

    /// <summary>Its share of the mail beside other relays: 1 to 100.</summary>
    public int Weight { get; init; }

    /// <summary>Connections at once, over all nodes of the service.</summary>
    public int MaxConnections { get; init; }

    /// <summary>Messages a second, over all nodes of the service; null: as fast as they go.</summary>
    public int? MaxPerSecond { get; init; }

    /// <summary>Messages before a connection is closed.</summary>
    public int MaxMessagesPerConnection { get; init; }

    /// <summary>Messages on each day (UTC) since it was first used; after the last, and where it is empty, there is no limit.</summary>
    public IReadOnlyList<int> WarmUp { get; init; } = [];

    /// <summary><c>from</c>: the campaign's sender; <c>fixed</c>: always <c>envelope_email</c>.</summary>
    [AllowedValues("from", "fixed")]
    public string EnvelopeSender { get; init; } = "";

    /// <summary>The envelope sender where it is fixed.</summary>
    public string? EnvelopeEmail { get; init; }

    /// <summary>The certificates, in PEM, by which its own is judged; null: the system's roots.</summary>
    public string? RootCertificates { get; init; }

    /// <summary>Headers that go on each message.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Mail goes through it only while it is enabled.</summary>
    public bool Enabled { get; init; }

    /// <summary>
    /// How it stands, apart from <c>enabled</c>. <c>active</c>; <c>paused</c>: a login or TLS fault that its owner has to mend,
    /// lifted by a check that goes well, by a change of how it is reached, or by giving <c>enabled</c>; <c>resting</c>: for a
    /// while, since it could not be reached or its quota is used up.
    /// </summary>
    [AllowedValues("active", "paused", "resting")]
    public string Status { get; init; } = "";

    /// <summary>Why it is paused, with the server's own words; null where it isn't.</summary>
    public string? PausedReason { get; init; }

    /// <summary>Since when it is paused.</summary>
    public Instant? PausedAt { get; init; }

    /// <summary>Until when it rests, in real time.</summary>
    public Instant? RestingUntil { get; init; }

    /// <summary>The part of its pace at which it is used now, above 0 and up to 1: less while it asks for less.</summary>
    public double Pace { get; init; }

    /// <summary>When it was last checked as it stands now; null: never.</summary>
    public Instant? CheckedAt { get; init; }

    /// <summary>How that check went.</summary>
    public bool? CheckOk { get; init; }

    /// <summary>When it was made.</summary>
    public Instant CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public Instant UpdatedAt { get; init; }

    internal static RelayView Of(Relay relay) => new()
    {
        Id = relay.RelayId,
        Name = relay.Name,
        Host = relay.Host,
        Port = relay.Port,
        Tls = relay.Tls,
        Username = relay.Username,
        Region = relay.Region,
        Weight = relay.Weight,
        MaxConnections = relay.MaxConnections,
        MaxPerSecond = relay.MaxPerSecond,
        MaxMessagesPerConnection = relay.MaxMessagesPerConnection,
        WarmUp = relay.WarmUp,
        EnvelopeSender = relay.EnvelopeSender,
        EnvelopeEmail = relay.EnvelopeEmail,
        RootCertificates = relay.RootCertificates,
        Headers = relay.Headers,
        Enabled = relay.Enabled,
        Status = relay.PausedAt is not null ? "paused" : relay.RestingUntil is not null ? "resting" : "active",
        PausedReason = relay.PausedReason,
        PausedAt = relay.PausedAt,
        RestingUntil = relay.RestingUntil,
        Pace = relay.Pace,
        CheckedAt = relay.CheckedAt,
        CheckOk = relay.CheckOk,
        CreatedAt = relay.CreatedAt,
        UpdatedAt = relay.UpdatedAt,
    };
}
