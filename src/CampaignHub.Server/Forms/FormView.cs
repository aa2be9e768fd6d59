using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>A subscribe form.</summary>
public sealed record FormView
{
    /// <summary>The form's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>A name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>The heading of its page.</summary>
    public string Title { get; init; } = "";

    /// <summary>What people agree to.</summary>
    public string Wording { get; init; } = "";

    /// <summary>The lists that people are put on once they have confirmed.</summary>
    public IReadOnlyList<Guid> ListIds { get; init; } = [];

    /// <summary>What it asks for besides the address.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Whom the confirming mails are from.</summary>
    public required FormSender From { get; init; }

    /// <summary>Where answers to them go; null: to <c>from</c>.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>For how many hours a link confirms.</summary>
    public int ConfirmWithinHours { get; init; }

    /// <summary>After how many hours somebody who hasn't confirmed is reminded; null: never.</summary>
    public int? RemindAfterHours { get; init; }

    /// <summary>Where a browser goes once it has confirmed; null: to a page of ours.</summary>
    public string? RedirectUrl { get; init; }

    /// <summary>Whether its page is there.</summary>
    public bool Enabled { get; init; }

    /// <summary>Its page, which needs no key.</summary>
    /// <example>https://mail.shop.example/s/0193a1c2-0000-7000-8000-000000000001</example>
    public string Url { get; init; } = "";

    /// <summary>HTML that shows it inside of a page of yours; it needs no script.</summary>
    public string EmbedHtml { get; init; } = "";

    /// <summary>How often it was filled in for an address that could be asked to confirm.</summary>
    public long Asked { get; init; }

    /// <summary>How many have confirmed.</summary>
    public long Confirmed { get; init; }

    /// <summary>When it was made.</summary>
    public Instant CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public Instant UpdatedAt { get; init; }

    internal static FormView Of(Form form, string publicUrl)
    {
        var url = $"{publicUrl}/s/{form.FormId}";
        return new FormView
        {
            Id = form.FormId,
            Name = form.Name,
            Title = form.Title,
            Wording = form.Wording,
            ListIds = form.ListIds,
            Fields = form.Fields,
            From = new FormSender(form.FromName, form.FromEmail),
            ReplyTo = form.ReplyTo,
            ConfirmWithinHours = form.ConfirmWithinHours,
            RemindAfterHours = form.RemindAfterHours,
            RedirectUrl = form.RedirectUrl,
            Enabled = form.Enabled,
            Url = url,
            EmbedHtml = $"""<iframe src="{PublicPage.Text(url)}" title="{PublicPage.Text(form.Title)}" style="width:100%;height:32rem;border:0"></iframe>""",
            Asked = form.Asked,
            Confirmed = form.Confirmed,
            CreatedAt = form.CreatedAt,
            UpdatedAt = form.UpdatedAt,
        };
    }
}
