using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>A campaign: content, audience and schedule, where it stands, and how many deliveries are in which state.</summary>
public sealed record CampaignView
{
    /// <summary>The campaign's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>A name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>The subject, Liquid.</summary>
    public string? Subject { get; init; }

    /// <summary>Who it is from.</summary>
    public Sender? From { get; init; }

    /// <summary>Where replies go; null: to the sender.</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The HTML part, Liquid; null where a template gives it.</summary>
    public string? Html { get; init; }

    /// <summary>The text part, Liquid; null: made from the HTML.</summary>
    public string? Text { get; init; }

    /// <summary>The template that gives the content; null where the campaign has its own.</summary>
    public Guid? TemplateId { get; init; }

    /// <summary>Who is to get it.</summary>
    public Audience Audience { get; init; } = new();

    /// <summary>When it is to be sent, defaults filled in; null where none is set yet.</summary>
    public ScheduleInput? Schedule { get; init; }

    /// <summary>What is counted.</summary>
    public Tracking Tracking { get; init; } = new();

    /// <summary><c>resend</c> or <c>hold</c>: what follows where it can't be known whether a message was accepted.</summary>
    public string WhenUncertain { get; init; } = "resend";

    /// <summary><c>draft</c>, <c>planned</c>, <c>scheduled</c>, <c>sending</c>, <c>paused</c>, <c>finished</c> or <c>cancelled</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>When it was made.</summary>
    public Instant CreatedAt { get; init; }

    /// <summary>When its plan was computed; null without one.</summary>
    public Instant? PlannedAt { get; init; }

    /// <summary>When it was launched.</summary>
    public Instant? LaunchedAt { get; init; }

    /// <summary>When it was finished or cancelled.</summary>
    public Instant? FinishedAt { get; init; }

    /// <summary>Why the service paused it, in words; null where a person did, or it isn't paused.</summary>
    public string? PausedReason { get; init; }

    /// <summary>How many deliveries are in each state; states that none is in are left out.</summary>
    public IReadOnlyDictionary<string, long> Deliveries { get; init; } = new Dictionary<string, long>();

    internal static async Task<CampaignView> OfAsync(TenantTransaction transaction, Campaign campaign) =>
        Of(campaign, await DeliveryStore.CountByStateAsync(transaction, campaign.CampaignId));

    internal static async Task<IReadOnlyList<CampaignView>> OfAsync(TenantTransaction transaction, IReadOnlyList<Campaign> campaigns)
    {
        var counts = await DeliveryStore.CountByStateAsync(transaction, [.. campaigns.Select(c => c.CampaignId)]);
        return [.. campaigns.Select(c => Of(c, counts[c.CampaignId].ToDictionary(s => s.State, s => s.Count)))];
    }

    private static CampaignView Of(Campaign campaign, IReadOnlyDictionary<string, long> deliveries) => new()
    {
        Id = campaign.CampaignId,
        Name = campaign.Name,
        Subject = campaign.Subject,
        From = campaign.FromEmail is null ? null : new Sender { Name = campaign.FromName, Email = campaign.FromEmail },
        ReplyTo = campaign.ReplyTo,
        Html = campaign.Html,
        Text = campaign.Text,
        TemplateId = campaign.TemplateId,
        Audience = campaign.Audience,
        Schedule = campaign.Schedule?.ToInput(),
        Tracking = new Tracking { Opens = campaign.TrackOpens, Clicks = campaign.TrackClicks, Honeypot = campaign.TrackHoneypot },
        WhenUncertain = campaign.WhenUncertain,
        Status = campaign.StatusWord,
        CreatedAt = campaign.CreatedAt,
        PlannedAt = campaign.PlannedAt,
        LaunchedAt = campaign.LaunchedAt,
        FinishedAt = campaign.FinishedAt,
        PausedReason = campaign.PausedReason,
        Deliveries = deliveries,
    };
}

/// <summary>Who a campaign is from.</summary>
public sealed record Sender
{
    /// <summary>The name that mail programs show: at most 200 characters, no line breaks.</summary>
    /// <example>Shop</example>
    public string? Name { get; init; }

    /// <summary>The address, under whose domain Message-IDs are made.</summary>
    /// <example>news@shop.example</example>
    public string? Email { get; init; }
}

/// <summary>What a campaign counts.</summary>
public sealed record Tracking
{
    /// <summary>A pixel counts opens. True unless given.</summary>
    public bool Opens { get; init; } = true;

    /// <summary>Links are counted on their way. True unless given.</summary>
    public bool Clicks { get; init; } = true;

    /// <summary>A link that no person can see tells scanners, which follow it, from people: clicks of the delivery within a second of it are a machine's. Needs <c>clicks</c>; false unless given, since some filters mistrust what is hidden.</summary>
    public bool Honeypot { get; init; }
}
