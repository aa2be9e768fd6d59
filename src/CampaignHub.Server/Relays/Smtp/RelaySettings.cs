using System.Security.Cryptography.X509Certificates;
using CampaignHub.Core.Sending;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>How a relay is spoken to. What is asked for is had, or the connection fails: no mode is downgraded.</summary>
public enum RelayTls
{
    None,

    /// <summary>Plain first, then STARTTLS, required (RFC 3207); usual on 587 and 25.</summary>
    StartTls,

    /// <summary>TLS from the first byte (RFC 8314); usual on 465.</summary>
    Implicit,
}

/// <summary>All that is needed to connect to a relay.</summary>
public sealed record RelaySettings
{
    /// <summary>Name or address; the certificate is checked against it.</summary>
    public required string Host { get; init; }

    /// <summary>1–65535.</summary>
    public required int Port { get; init; }

    public required RelayTls Tls { get; init; }

    /// <summary>Null: no login.</summary>
    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>Connections at once, 1 and up.</summary>
    public int MaxConnections { get; init; } = 4;

    /// <summary>Messages a second over all connections of this pool; null: as fast as they go.</summary>
    public double? MaxPerSecond { get; init; }

    /// <summary>Messages before a connection is closed; null: no such limit.</summary>
    public int? MaxMessagesPerConnection { get; init; }

    /// <summary>Root certificates trusted instead of the system's; null: the system's.</summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    // A record prints its members, and this one holds a password.
    public override string ToString() => $"{Host}:{Port} ({Tls})";
}

/// <summary>How long a server may be silent, in real time.</summary>
public sealed record SmtpTimeouts
{
    /// <summary>DNS and TCP together; then implicit TLS; then the banner.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Each command, and each piece of a body.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>After the final dot: RFC 5321 4.5.3.2.6 asks for ten minutes.</summary>
    public TimeSpan FinalReply { get; init; } = TimeSpan.FromMinutes(10);

    internal TimeSpan For(SmtpPhase phase) => phase switch
    {
        SmtpPhase.Connect or SmtpPhase.Banner => Connect,
        SmtpPhase.AfterDot => FinalReply,
        _ => Command,
    };
}
