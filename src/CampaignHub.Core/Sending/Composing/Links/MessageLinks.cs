using Fluid;

namespace CampaignHub.Core.Sending.Composing.Links;

/// <summary>The links of one message while it is rendered: asked by our tags, noted in their order.</summary>
internal sealed class MessageLinks(IReadOnlyList<CampaignLink> campaign, ITrackingLinks tracking)
{
    private const string Key = "campaignhub.links";
    private readonly List<RenderedLink> _rendered = [];

    public IReadOnlyList<RenderedLink> Rendered => _rendered;

    public static MessageLinks Of(TemplateContext context) => (MessageLinks)context.AmbientValues[Key];

    public void Attach(TemplateContext context) => context.AmbientValues[Key] = this;

    public string Pixel() => tracking.Pixel();

    public string Honeypot() => tracking.Honeypot();

    public string Click(int index) => Note(new(index, campaign[index].Url, tracking.Click(index)));

    public string Click(int index, string url)
    {
        var target = LinkTarget.Clean(url);
        var href = target.Length <= CampaignLink.MaxCarriedUrl ? tracking.Click(index, target) : target;
        return Note(new(index, target, href));
    }

    private string Note(RenderedLink link)
    {
        _rendered.Add(link);
        return link.Href;
    }
}
