namespace CampaignHub.Core.Sending.Composing.Links;

/// <summary>One delivery's tracking URLs. Composing knows nothing of what is in them.</summary>
public interface ITrackingLinks
{
    /// <summary>The URL of the picture that says "opened".</summary>
    string Pixel();

    /// <summary>The URL that no person can see: whoever follows it is a scanner.</summary>
    string Honeypot();

    /// <summary>The URL that redirects to the campaign's link of this index (from 0).</summary>
    string Click(int index);

    /// <summary>The same where the target differs by message: the URL carries it, at most <see cref="CampaignLink.MaxCarriedUrl"/> characters.</summary>
    string Click(int index, string url);

    /// <summary>The URL that unsubscribes.</summary>
    string Unsubscribe();
}
