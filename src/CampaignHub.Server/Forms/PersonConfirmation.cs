using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>What somebody asked for by a form.</summary>
public sealed record PersonConfirmation
{
    /// <summary>Its id (UUIDv7), which <c>evidence</c> of a consent names.</summary>
    public Guid Id { get; init; }

    /// <summary>The form.</summary>
    public Guid FormId { get; init; }

    /// <summary>The address, as they wrote it.</summary>
    public string Email { get; init; } = "";

    /// <summary>The first name, as they wrote it.</summary>
    public string? FirstName { get; init; }

    /// <summary>The last name, as they wrote it.</summary>
    public string? LastName { get; init; }

    /// <summary>The language of the page that they saw.</summary>
    public string Language { get; init; } = "";

    /// <summary>What they were shown to agree to.</summary>
    public string Wording { get; init; } = "";

    /// <summary>When they asked.</summary>
    public Instant AskedAt { get; init; }

    /// <summary>Until when its link confirms.</summary>
    public Instant ExpiresAt { get; init; }

    /// <summary>Mails that were sent for it: one that asks, one that reminds.</summary>
    public int Mails { get; init; }

    /// <summary>When they confirmed; null: they haven't.</summary>
    public Instant? ConfirmedAt { get; init; }
}
