using System.ComponentModel.DataAnnotations;
using NodaTime;

namespace CampaignHub.Server.Inbound.Mailboxes;

/// <summary>A mailbox that mail comes back to. Its password is written, never read back.</summary>
public sealed record BounceMailboxView
{
    /// <summary>The mailbox's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>A name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>imap</c> or <c>pop3</c>.</summary>
    [AllowedValues("imap", "pop3")]
    public string Protocol { get; init; } = "";

    /// <summary>Name or address of the server.</summary>
    public string Host { get; init; } = "";

    /// <summary>1 to 65535.</summary>
    public int Port { get; init; }

    /// <summary><c>implicit</c>, <c>starttls</c> or <c>none</c>.</summary>
    [AllowedValues("none", "starttls", "implicit")]
    public string Tls { get; init; } = "";

    /// <summary>The login.</summary>
    public string Username { get; init; } = "";

    /// <summary>The folder that is read.</summary>
    public string Folder { get; init; } = "";

    /// <summary>What is done with a message that was handled: <c>keep</c>, <c>move</c> or <c>delete</c>.</summary>
    [AllowedValues("keep", "move", "delete")]
    public string WhenHandled { get; init; } = "";

    /// <summary>The folder that handled messages are moved to; null where they aren't.</summary>
    public string? MoveTo { get; init; }

    /// <summary>The certificates, in PEM, by which the server's own is judged; null: the system's roots.</summary>
    public string? RootCertificates { get; init; }

    /// <summary>It is read only while it is enabled.</summary>
    public bool Enabled { get; init; }

    /// <summary>Messages about your deliveries that were read, 0 or more.</summary>
    public long Handled { get; init; }

    /// <summary>Messages that were read and are about none of your deliveries, 0 or more; they stay where they are.</summary>
    public long Unmatched { get; init; }

    /// <summary>When it was last read; null: never.</summary>
    public Instant? ReadAt { get; init; }

    /// <summary>Why it couldn't be read the last time; null: it could, or hasn't been tried since it was changed.</summary>
    public string? Problem { get; init; }

    /// <summary>When it was made.</summary>
    public Instant CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public Instant UpdatedAt { get; init; }

    internal static BounceMailboxView Of(BounceMailbox mailbox) => new()
    {
        Id = mailbox.MailboxId,
        Name = mailbox.Name,
        Protocol = mailbox.Protocol,
        Host = mailbox.Host,
        Port = mailbox.Port,
        Tls = mailbox.Tls,
        Username = mailbox.Username,
        Folder = mailbox.Folder,
        WhenHandled = mailbox.WhenHandled,
        MoveTo = mailbox.MoveTo,
        RootCertificates = mailbox.RootCertificates,
        Enabled = mailbox.Enabled,
        Handled = mailbox.Handled,
        Unmatched = mailbox.Unmatched,
        ReadAt = mailbox.ReadAt,
        Problem = mailbox.Problem,
        CreatedAt = mailbox.CreatedAt,
        UpdatedAt = mailbox.UpdatedAt,
    };
}
