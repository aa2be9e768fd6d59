using CampaignHub.Core.Sending.Composing.Links;

namespace CampaignHub.Core.Sending.Composing;

/// <summary>One person's content on its way into a message: what <see cref="RenderedContent"/> is, in buffers that are lent.</summary>
internal sealed class RenderedParts : IDisposable
{
    public string Subject { get; set; } = "";

    public PooledBuffer<char> Html { get; } = new(16 * 1024);

    public PooledBuffer<char> Text { get; } = new(4 * 1024);

    public string UnsubscribeUrl { get; set; } = "";

    public IReadOnlyList<RenderedLink> Links { get; set; } = [];

    public void Dispose()
    {
        Html.Dispose();
        Text.Dispose();
    }
}
