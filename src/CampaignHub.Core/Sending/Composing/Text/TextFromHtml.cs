using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CampaignHub.Core.Sending.Composing.Links;
using CampaignHub.Core.Sending.Composing.Liquid;

namespace CampaignHub.Core.Sending.Composing.Text;

/// <summary>
/// Makes the text part out of an HTML template's source, once per campaign: the result is a Liquid template
/// again. Links are shown with the author's own URLs, which are not tracked.
/// </summary>
internal sealed class TextFromHtml
{
    private readonly LiquidShield _shield;
    private readonly TextLayout _layout = new();
    private bool _inRaw;

    private TextFromHtml(LiquidShield shield) => _shield = shield;

    /// <summary>The same of HTML that is rendered already: braces in it are text.</summary>
    public static string Rendered(string html)
    {
        var text = new TextFromHtml(new(html, [])) { _inRaw = true };
        return text.Convert(html);
    }

    public static string Convert(string html, IReadOnlyList<LiquidTag> liquid, IEnumerable<HtmlPiece> pieces)
    {
        var shield = new LiquidShield(html, liquid);
        return new TextFromHtml(shield).Convert(shield.Protect(pieces));
    }

    private string Convert(string html)
    {
        foreach (var child in new HtmlParser().ParseDocument(html).ChildNodes)
            Visit(child);
        return _layout.ToString();
    }

    private void Visit(INode node)
    {
        switch (node)
        {
            case IComment comment:
                _shield.Split(comment.Data, static _ => { }, comment.Data.Contains("[if", StringComparison.OrdinalIgnoreCase) ? OnlyTags : Liquid);
                break;
            case IText text:
                Literal(text.Data);
                break;
            case IElement element when !TextElements.IsUnseen(element):
                Element(element);
                break;
        }
    }

    private void Liquid(LiquidTag tag, string piece)
    {
        _inRaw = tag.Kind == LiquidTagKind.RawStart || (_inRaw && tag.Kind != LiquidTagKind.RawEnd);
        if (tag.Kind == LiquidTagKind.Output)
            _layout.Output(piece);
        else if (piece.Length > 0)
            _layout.Tag(piece);
    }

    private void OnlyTags(LiquidTag tag, string piece)
    {
        if (tag.Kind != LiquidTagKind.Output)
            Liquid(tag, piece);
    }

    // Braces that entities spelled must not become Liquid now.
    private void Literal(string text) => _layout.Words(_inRaw ? text : text
        .Replace("{{", "{{'{{'}}", StringComparison.Ordinal).Replace("{%", "{{'{%'}}", StringComparison.Ordinal));

    private void Mixed(string text) => _shield.Split(text, Literal, Liquid);

    private void Element(IElement element)
    {
        var breaks = TextElements.Breaks(element);
        if (breaks > 0)
            _layout.Break(breaks);
        Content(element);
        if (breaks > 0)
            _layout.Break(breaks);
    }

    private void Content(IElement element)
    {
        switch (element.LocalName)
        {
            case "br":
                _layout.Verbatim("\n");
                return;
            case "hr":
                _layout.Words("---");
                return;
            case "img" or "area":
                Mixed(element.GetAttribute("alt") ?? "");
                return;
            case "li":
                _layout.Words(TextElements.Bullet(element));
                break;
            case "td" or "th" when TextElements.FollowsCellOfItsLine(element):
                _layout.Words(" ");
                break;
        }
        foreach (var child in element.ChildNodes)
            Visit(child);
        if (element.LocalName == "a")
            Target(element);
    }

    private void Target(IElement link)
    {
        var href = LinkTarget.Clean(link.GetAttribute("href") ?? "");
        var shown = link.TextContent.Trim();
        var bare = href.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? href[7..] : href;
        if (bare.Length == 0 || bare[0] == '#' || shown.Contains(bare, StringComparison.OrdinalIgnoreCase))
            return;
        if (bare.StartsWith("tel:", StringComparison.OrdinalIgnoreCase))
            return;
        Mixed(" (");
        Mixed(bare);
        Mixed(")");
    }
}
