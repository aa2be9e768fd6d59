using System.Security.Cryptography.X509Certificates;
using NodaTime;

namespace CampaignHub.Server.Demo.Inbox;

/// <summary>How a sink listens, and its bounds.</summary>
public sealed record SmtpSinkOptions
{
    /// <summary>Port on 127.0.0.1; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>Business time stamped on messages.</summary>
    public required IClock Clock { get; init; }

    /// <summary>Folder of spool and ledger; null keeps messages in memory. Made when absent, appended to when not.</summary>
    public string? Folder { get; init; }

    /// <summary>The login asked for before MAIL FROM; null asks for none.</summary>
    public SinkLogin? Login { get; init; }

    /// <summary>With its private key; offers STARTTLS, or TLS from the first byte when <see cref="ImplicitTls"/>.</summary>
    public X509Certificate2? Certificate { get; init; }

    public bool ImplicitTls { get; init; }

    /// <summary>Extensions announced beside STARTTLS and AUTH.</summary>
    public IReadOnlyList<string> Extensions { get; init; } =
        ["PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];

    /// <summary>Largest message in bytes, announced as SIZE.</summary>
    public int MaxMessageBytes { get; init; } = 25 * 1024 * 1024;

    /// <summary>Most messages kept; further ones are answered 452.</summary>
    public int MaxMessages { get; init; } = 2_000_000;

    /// <summary>Connections at once; further ones wait to be accepted.</summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>Recipients of one message; further ones are answered 452.</summary>
    public int MaxRecipients { get; init; } = 100;
}

/// <summary>A name and password that the sink accepts.</summary>
public sealed record SinkLogin(string Username, string Password);
