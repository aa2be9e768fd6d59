using AngleSharp.Dom;

namespace CampaignHub.Core.Sending.Composing.Text;

/// <summary>What elements mean to a reader of plain text.</summary>
internal static class TextElements
{
    private static readonly HashSet<string> Unseen =
        ["head", "style", "script", "title", "template", "noframes", "textarea", "select", "iframe", "object", "svg", "math"];

    private static readonly HashSet<string> Paragraphs = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre", "dl"];

    private static readonly HashSet<string> Lines =
        ["div", "li", "tr", "table", "section", "article", "header", "footer", "main", "nav", "aside", "address", "center", "hr", "dt", "dd", "form", "figure", "figcaption", "caption"];

    /// <summary>Hidden elements hold preheaders and what only one mail program shows.</summary>
    public static bool IsUnseen(IElement element)
    {
        if (Unseen.Contains(element.LocalName) || element.HasAttribute("hidden"))
            return true;
        var style = (element.GetAttribute("style") ?? "").Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        return style.Contains("display:none") || style.Contains("visibility:hidden") || style.Contains("mso-hide:all")
            || style.Contains("max-height:0;") || style.Contains("max-height:0px");
    }

    /// <summary>How many line ends stand before and after: a paragraph leaves an empty line.</summary>
    public static int Breaks(IElement element) =>
        Paragraphs.Contains(element.LocalName) ? IsNestedList(element) ? 1 : 2
        : Lines.Contains(element.LocalName) || (IsCell(element) && !IsInline(element)) ? 1 : 0;

    /// <summary>A cell of data stands on its row's line; a cell that holds blocks is layout and has lines of its own.</summary>
    public static bool FollowsCellOfItsLine(IElement cell) =>
        IsInline(cell) && cell.PreviousElementSibling is { } previous && IsCell(previous) && IsInline(previous);

    public static string Bullet(IElement item) =>
        item.ParentElement is { LocalName: "ol" } list ? $"{list.Children.Where(child => child.LocalName == "li").TakeWhile(child => child != item).Count() + 1}. " : "- ";

    private static bool IsCell(IElement element) => element.LocalName is "td" or "th";

    private static bool IsNestedList(IElement element) => element.LocalName is "ul" or "ol" && element.ParentElement is { LocalName: "li" };

    private static bool IsInline(IElement cell) =>
        !cell.GetElementsByTagName("*").Any(inner => Paragraphs.Contains(inner.LocalName) || Lines.Contains(inner.LocalName) || inner.LocalName == "br");
}
