namespace CampaignHub.Core.Sending.Composing.Links;

/// <summary>One http(s) link of a campaign's HTML.</summary>
/// <param name="Index">From 0, in the order of the document.</param>
/// <param name="Url">The author's target with entities decoded; holds Liquid where <paramref name="IsDynamic"/>.</param>
/// <param name="IsDynamic">True where Liquid after the host makes the target differ by message.</param>
public sealed record CampaignLink(int Index, string Url, bool IsDynamic)
{
    /// <summary>Longest rendered URL, in characters, that a tracking URL carries; a longer one stays as it is.</summary>
    public const int MaxCarriedUrl = 2048;
}

/// <summary>A link as one message has it.</summary>
/// <param name="Index">The campaign link's.</param>
/// <param name="Url">Where it leads.</param>
/// <param name="Href">What the message holds: the tracking URL, or <paramref name="Url"/> where it isn't tracked.</param>
public sealed record RenderedLink(int Index, string Url, string Href);
