namespace CampaignHub.Core.Sending.Composing;

/// <summary>What an author wrote: Liquid in all three; without <paramref name="Text"/> it is made from the HTML.</summary>
public sealed record CampaignContent(string Subject, string Html, string? Text);

/// <summary>How a campaign's messages are prepared.</summary>
public sealed record PreparingOptions
{
    /// <summary>No picture, plain links, nothing to follow.</summary>
    public static readonly PreparingOptions Untracked = new() { TrackOpens = false, TrackClicks = false };

    /// <summary>Puts the picture in that says "opened".</summary>
    public bool TrackOpens { get; init; } = true;

    /// <summary>Leads http(s) links through the tracking URL.</summary>
    public bool TrackClicks { get; init; } = true;

    /// <summary>Puts a link in that no person can see, for scanners to follow.</summary>
    public bool Honeypot { get; init; }

    /// <summary>The words of the unsubscribe line that a template without <c>unsubscribe_url</c> gets.</summary>
    public string UnsubscribeWording { get; init; } = DefaultUnsubscribeWording;

    public const string DefaultUnsubscribeWording = "Unsubscribe";
}
