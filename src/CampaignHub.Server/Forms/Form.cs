using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>A subscribe form as its row holds it. <see cref="FormView"/> is what callers see.</summary>
internal sealed record Form
{
    public Guid FormId { get; init; }
    public string Name { get; init; } = "";
    public string Title { get; init; } = "";
    public string Wording { get; init; } = "";
    public Guid[] ListIds { get; init; } = [];
    public string[] Fields { get; init; } = [];
    public string? FromName { get; init; }
    public string FromEmail { get; init; } = "";
    public string? ReplyTo { get; init; }
    public int ConfirmWithinHours { get; init; } = FormChange.DefaultConfirmWithinHours;
    public int? RemindAfterHours { get; init; } = FormChange.DefaultRemindAfterHours;
    public string? RedirectUrl { get; init; }
    public bool Enabled { get; init; } = true;

    /// <summary>Counted by the database, never written by a change.</summary>
    public long Asked { get; init; }

    public long Confirmed { get; init; }
    public Instant CreatedAt { get; init; }
    public Instant UpdatedAt { get; init; }

    public Duration ConfirmWithin => Duration.FromHours(ConfirmWithinHours);

    /// <summary>Whom people subscribe to, as pages and mails say it.</summary>
    public string Sender => FromName ?? FromEmail;
}
