using System.Security.Cryptography.X509Certificates;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>A mailbox that mail comes back to, as its row holds it. <see cref="BounceMailboxView"/> is what callers see.</summary>
internal sealed record BounceMailbox
{
    public Guid MailboxId { get; init; }
    public string Name { get; init; } = "";
    public string Protocol { get; init; } = "imap";
    public string Host { get; init; } = "";
    public int Port { get; init; }
    public string Tls { get; init; } = "implicit";
    public string Username { get; init; } = "";
    public byte[] PasswordEncrypted { get; init; } = [];

    /// <summary>Only where the mailbox was read to be opened; null otherwise.</summary>
    public string? Password { get; init; }

    public string Folder { get; init; } = "INBOX";
    public string WhenHandled { get; init; } = "delete";
    public string? MoveTo { get; init; }

    /// <summary>PEM; null: the system's.</summary>
    public string? RootCertificates { get; init; }

    public bool Enabled { get; init; } = true;
    public long Handled { get; init; }
    public long Unmatched { get; init; }
    public Instant? ReadAt { get; init; }
    public string? Problem { get; init; }
    public Instant CreatedAt { get; init; }
    public Instant UpdatedAt { get; init; }

    /// <summary>The protocol's own port.</summary>
    public int UsualPort => (Protocol, Tls) switch { ("imap", "implicit") => 993, ("imap", _) => 143, (_, "implicit") => 995, _ => 110 };

    public X509Certificate2Collection? TrustedRoots =>
        RootCertificates is { } pem && Relays.RootCertificates.TryParse(pem, out var roots, out _) ? roots : null;

    // A record prints its members, and this one may hold a password.
    public override string ToString() => $"{Name} ({Protocol} {Host}:{Port})";
}
