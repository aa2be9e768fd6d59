using System.Text.Json;
using CampaignHub.Core;
using CampaignHub.Core.Campaigns;
using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Platform.Json;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>A campaign as its row holds it. <see cref="CampaignView"/> is what callers see.</summary>
internal sealed record Campaign
{
    public Guid CampaignId { get; init; }
    public string Name { get; init; } = "";
    public string? Subject { get; init; }
    public string? FromName { get; init; }
    public string? FromEmail { get; init; }
    public string? ReplyTo { get; init; }
    public string? Html { get; init; }
    public string? Text { get; init; }
    public Guid? TemplateId { get; init; }

    /// <summary>JSON of <see cref="Campaigns.Audience"/>.</summary>
    public string AudienceJson { get; init; } = "{}";

    /// <summary>JSON of <see cref="ScheduleInput"/> in its canonical form, or null where none is set yet.</summary>
    public string? ScheduleJson { get; init; }

    public bool TrackOpens { get; init; }
    public bool TrackClicks { get; init; }
    public bool TrackHoneypot { get; init; }
    public string WhenUncertain { get; init; } = "resend";
    public string StatusWord { get; init; } = "draft";

    /// <summary>JSON of <see cref="LaunchedContent"/>, fixed at launch.</summary>
    public string? LaunchedContentJson { get; init; }

    public Instant CreatedAt { get; init; }
    public Instant UpdatedAt { get; init; }
    public Instant? PlannedAt { get; init; }
    public Instant? LaunchedAt { get; init; }
    public Instant? FinishedAt { get; init; }

    /// <summary>Why the service paused it; null where a person did, or it isn't paused.</summary>
    public string? PausedReason { get; init; }

    /// <summary>A new draft without a name.</summary>
    public static Campaign Draft(Instant now) => new Campaign
    {
        AudienceJson = JsonSerializer.Serialize(new Audience(), ApiJson.Options),
        TrackOpens = true,
        TrackClicks = true,
    }.AsDraft(now);

    /// <summary>A new draft with the same fields.</summary>
    public Campaign AsDraft(Instant now) => this with
    {
        CampaignId = Guid.CreateVersion7(),
        StatusWord = CampaignStatus.Draft.Word(),
        LaunchedContentJson = null,
        CreatedAt = now,
        UpdatedAt = now,
        PlannedAt = null,
        LaunchedAt = null,
        FinishedAt = null,
        PausedReason = null,
    };

    public CampaignStatus Status => WireWords.Parse<CampaignStatus>(StatusWord)!.Value;

    public Audience Audience => JsonSerializer.Deserialize<Audience>(AudienceJson, ApiJson.Options)!;

    /// <summary>The schedule, which was checked when it was written.</summary>
    public Schedule? Schedule => ScheduleJson is null
        ? null
        : Core.Scheduling.Schedule.TryCreate(JsonSerializer.Deserialize<ScheduleInput>(ScheduleJson, ApiJson.Options)!, out var schedule, [])
            ? schedule
            : throw new InvalidOperationException($"The schedule of campaign {CampaignId} can't be read back.");

    public LaunchedContent? LaunchedContent => LaunchedContentJson is null
        ? null
        : JsonSerializer.Deserialize<LaunchedContent>(LaunchedContentJson, ApiJson.Options);
}

/// <summary>
/// Who is to get a campaign: whoever is on any of these lists or in any of these segments when the plan is computed, once each,
/// without those of the excluded ones.
/// </summary>
public sealed record Audience
{
    internal const string Frozen = "frozen";
    internal const string UntilPassed = "until_passed";

    internal bool IsOpen => Joining == UntilPassed;

    /// <summary>Members of any of these lists are included.</summary>
    public Guid[] ListIds { get; init; } = [];

    /// <summary>Whoever fits any of these segments is included too; at most 50.</summary>
    public Guid[] SegmentIds { get; init; } = [];

    /// <summary>Members of any of these lists are left out again.</summary>
    public Guid[] ExcludeListIds { get; init; } = [];

    /// <summary>Whoever fits any of these segments is left out again; at most 50.</summary>
    public Guid[] ExcludeSegmentIds { get; init; } = [];

    /// <summary>
    /// <c>frozen</c> (the default): whoever is in it when the plan is computed. <c>until_passed</c>: whoever enters it after launch, with
    /// consent and before their own instant, is planned by the same rule; it closes at the last instant.
    /// </summary>
    public string Joining { get; init; } = Frozen;
}

/// <summary>What a launched campaign sends: fixed at launch, so that every delivery is made from the same bytes.</summary>
internal sealed record LaunchedContent
{
    public string CampaignName { get; init; } = "";
    public string Subject { get; init; } = "";
    public string FromName { get; init; } = "";
    public string FromEmail { get; init; } = "";
    public string? ReplyTo { get; init; }
    public string Html { get; init; } = "";
    public string? Text { get; init; }
    public bool TrackOpens { get; init; }
    public bool TrackClicks { get; init; }
    public bool TrackHoneypot { get; init; }

    /// <summary>What its links begin with; null of campaigns that were launched before that was kept.</summary>
    public string? TrackingUrl { get; init; }
}
