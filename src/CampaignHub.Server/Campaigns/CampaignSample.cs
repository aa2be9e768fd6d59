using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Links;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>One message of a campaign for people to look at: nothing in it is counted, and its unsubscribe link unsubscribes nobody.</summary>
internal static class CampaignSample
{
    /// <summary>Real time: an author's endless loop ends by its steps long before.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The message with the author's own links; or why there is none.</summary>
    public static (RenderedContent? Rendered, Problem? Problem) Render(
        Campaign campaign, ResolvedContent content, TemplateRecipient recipient, SampleOptions options, CancellationToken ct)
    {
        if (content.Missing is { } missing)
            return (null, Problems.StateConflict($"The campaign has no {missing} yet: PATCH it with one."));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        var prepared = content.Prepare(new PreparingOptions { TrackOpens = false, TrackClicks = options.FindsLinks });
        var input = new MessageInput(recipient, campaign.Name, new AuthorsLinks(prepared.Links, options.UnsubscribeUrl), options.Now)
        {
            Cancellation = patience.Token,
        };
        return prepared.TryRender(input, out var rendered, out var failure)
            ? (rendered, null)
            : (null, Problems.Invalid(failure.Field ?? "html", failure.Code, failure.Message));
    }

    /// <summary>Leads each link to where its author pointed it.</summary>
    private sealed class AuthorsLinks(IReadOnlyList<CampaignLink> links, string unsubscribeUrl) : ITrackingLinks
    {
        public string Pixel() => throw new InvalidOperationException("A sample has no pixel.");

        public string Honeypot() => throw new InvalidOperationException("A sample has no honeypot.");

        public string Click(int index) => links[index].Url;

        public string Click(int index, string url) => url;

        public string Unsubscribe() => unsubscribeUrl;
    }
}

/// <summary>How a sample is made.</summary>
/// <param name="FindsLinks">Notes the links that would be tracked.</param>
/// <param name="UnsubscribeUrl">Stands where a person's own would.</param>
/// <param name="Now">What the template takes for now.</param>
internal sealed record SampleOptions(bool FindsLinks, string UnsubscribeUrl, Instant Now);
