using System.Net;
using CampaignHub.Core.Sending.Composing.Liquid;

namespace CampaignHub.Core.Sending.Composing.Links;

/// <summary>Decides of each href whether it is a link to follow, and what stands in its place.</summary>
internal sealed class LinkFinder(string source, IReadOnlyList<LiquidTag> liquid)
{
    private readonly List<CampaignLink> _links = [];
    private readonly List<SourceEdit> _edits = [];
    private readonly List<ContentProblem> _warnings = [];

    public IReadOnlyList<CampaignLink> Links => _links;

    public IReadOnlyList<SourceEdit> Edits => _edits;

    public IReadOnlyList<ContentProblem> Warnings => _warnings;

    public LinkFinder Find(IEnumerable<HtmlPiece> pieces)
    {
        foreach (var href in pieces.Where(piece => piece.Kind == HtmlPieceKind.Href))
            Judge(href);
        return this;
    }

    private void Judge(HtmlPiece href)
    {
        var inside = liquid.Where(tag => tag.Start >= href.Start && tag.End <= href.End).ToList();
        var value = Decode(href, inside);
        var fixedLength = inside.Count == 0 ? href.Length : inside[0].Start - href.Start;
        var fixedPart = LinkTarget.Clean(WebUtility.HtmlDecode(source.Substring(href.Start, fixedLength)));
        if (inside.Count == 0 && LinkTarget.Scheme(fixedPart) == 0)
            return;
        if (inside.Count == 0 && !href.InRaw)
            Add(href, new(_links.Count, LinkTarget.Clean(value), IsDynamic: false));
        else if (inside.Count > 0 && IsTrackable(href, fixedPart, value, inside.Count))
            Add(href, new(_links.Count, value, IsDynamic: true));
        else if (!IsOtherKind(fixedPart, href, inside))
            Warn(href);
    }

    private void Add(HtmlPiece href, CampaignLink link)
    {
        _links.Add(link);
        var tag = link.IsDynamic ? MessageTags.Click(link.Index, link.Url) : MessageTags.Click(link.Index);
        _edits.Add(new(href.Start, href.Length, tag));
    }

    // Entities outside Liquid are decoded; Liquid is the author's as it stands.
    private string Decode(HtmlPiece href, List<LiquidTag> inside)
    {
        var parts = new List<string>();
        var at = href.Start;
        foreach (var tag in inside)
        {
            parts.Add(WebUtility.HtmlDecode(source[at..tag.Start]));
            parts.Add(source.Substring(tag.Start, tag.Length));
            at = tag.End;
        }
        parts.Add(WebUtility.HtmlDecode(source[at..href.End]));
        return string.Concat(parts);
    }

    // The value must be whole Liquid by itself, and decoding must not have made new Liquid out of entities.
    private static bool IsTrackable(HtmlPiece href, string fixedPart, string value, int tags) =>
        !href.InRaw && LinkTarget.FixesHost(fixedPart)
        && LiquidTagScanner.Scan(value).Count == tags && LiquidTemplate.TryParse(value, out _, out _);

    private bool IsOtherKind(string fixedPart, HtmlPiece href, List<LiquidTag> inside) =>
        IsUnsubscribe(href) || (fixedPart.Length > 0 && LinkTarget.Scheme(fixedPart) == 0 && HasOtherStart(fixedPart))
        || inside.TrueForAll(tag => tag.Kind == LiquidTagKind.Comment) && LinkTarget.Scheme(fixedPart) == 0 && !href.InRaw;

    // "mailto:", "tel:", "#part" or a relative path before any Liquid: no web link whatever follows.
    private static bool HasOtherStart(string fixedPart) =>
        !"https://".StartsWith(fixedPart, StringComparison.OrdinalIgnoreCase)
        && !"http://".StartsWith(fixedPart, StringComparison.OrdinalIgnoreCase);

    private bool IsUnsubscribe(HtmlPiece href) =>
        source.AsSpan(href.Start, href.Length).Contains("unsubscribe_url", StringComparison.OrdinalIgnoreCase);

    private void Warn(HtmlPiece href)
    {
        var (line, column) = TextPosition.Of(source, href.Start);
        _warnings.Add(new("html", ContentProblem.LinkNotTracked,
            "Liquid makes this link's scheme or host (or it stands in raw text), so clicks on it are not counted.", line, column));
    }
}
