using System.Diagnostics.CodeAnalysis;
using CampaignHub.Core.Sending.Composing.Liquid;
using CampaignHub.Core.Sending.Composing.Text;

namespace CampaignHub.Core.Sending.Composing;

/// <summary>
/// The text part: the author's own, or made from the HTML once. Where the author's Liquid cuts through HTML in
/// a way that no text template can follow, the text is made anew from each message's HTML, which costs a
/// parse of it but is never wrong.
/// </summary>
internal sealed class PreparedText
{
    private readonly LiquidTemplate _template;
    private readonly Kind _kind;

    private PreparedText(LiquidTemplate template, Kind kind)
    {
        _template = template;
        _kind = kind;
    }

    private enum Kind
    {
        Written,
        Derived,
        DerivedPerMessage,
    }

    public static PreparedText Of(
        CampaignContent content, PreparingOptions options, LiquidTemplate html, LiquidTemplate? text, HtmlPreparation preparation)
    {
        if (text is not null)
            return new(Parse(content.Text + HtmlPreparation.UnsubscribeLine(text, options)), Kind.Written);
        var derived = TextFromHtml.Convert(content.Html, preparation.Liquid, preparation.Pieces);
        if (LiquidBlocks.AreWhole(preparation.Liquid, preparation.Pieces) && LiquidTemplate.TryParse(derived, out var template, out _))
            return new(Parse(derived + HtmlPreparation.UnsubscribeLine(template, options)), Kind.Derived);
        return new(Parse(content.Html + Paragraph(HtmlPreparation.UnsubscribeLine(html, options))), Kind.DerivedPerMessage);
    }

    private static string Paragraph(string line) => line.Length == 0 ? "" : $"<p>{line}</p>";

    // The author's source parsed, and the line that we add is balanced.
    private static LiquidTemplate Parse(string source) =>
        LiquidTemplate.TryParse(source, out var template, out var problem) ? template
            : throw new InvalidOperationException($"A text that parsed no longer does with its unsubscribe line: {problem}");

    public bool TryRender(LiquidInput input, PooledBuffer<char> text, [NotNullWhen(false)] out LiquidFailure? failure)
    {
        if (_kind == Kind.Written)
            return _template.TryRender(input, LiquidEscaping.None, text, out failure);
        using var raw = new PooledBuffer<char>();
        var escaping = _kind == Kind.DerivedPerMessage ? LiquidEscaping.Html : LiquidEscaping.None;
        if (!_template.TryRender(input, escaping, raw, out failure))
            return false;
        TextTidying.Tidy(_kind == Kind.Derived ? raw.Written : TextFromHtml.Rendered(raw.ToString()), text);
        return true;
    }
}
