using CampaignHub.Core.Pages;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>Somebody filled a form in, and has to confirm that they are who they say.</summary>
internal sealed record FormConfirmation
{
    public Guid ConfirmationId { get; init; }
    public Guid FormId { get; init; }
    public string Email { get; init; } = "";
    public string EmailKey { get; init; } = "";
    public string? FirstName { get; init; }
    public string? LastName { get; init; }

    /// <summary>What the page spoke that they filled in: so do the mail and the pages after it.</summary>
    public string Language { get; init; } = "";

    /// <summary>What they agreed to, as it was shown.</summary>
    public string Wording { get; init; } = "";

    public Instant AskedAt { get; init; }
    public Instant ExpiresAt { get; init; }

    /// <summary>Attempts at the mail that is due, the present one included.</summary>
    public int Attempts { get; init; }

    /// <summary>Mails that a relay took: the first asks, the second reminds.</summary>
    public int Mails { get; init; }

    public Instant? ConfirmedAt { get; init; }

    public PageLanguage PageLanguage => PageLanguage.For(Language, null);
}
