namespace CampaignHub.Core.Sending.Composing.Links;

/// <summary>What the scanner met in a source.</summary>
internal enum HtmlPieceKind
{
    /// <summary>The value of an <c>href</c> of <c>a</c> or <c>area</c>, without its quotes.</summary>
    Href,

    /// <summary>A <c>&lt;/body&gt;</c>, all of it.</summary>
    BodyEnd,

    /// <summary>Liquid between tags.</summary>
    LiquidInData,

    /// <summary>Liquid in an attribute's value.</summary>
    LiquidInValue,

    /// <summary>Liquid inside an HTML comment, where it is executed all the same.</summary>
    LiquidInComment,

    /// <summary>Liquid elsewhere in a tag, or in the text of a style or script.</summary>
    LiquidElsewhere,
}

/// <summary>A range of a source and what stands there; <paramref name="InRaw"/>: inside <c>{% raw %}</c>.</summary>
internal readonly record struct HtmlPiece(HtmlPieceKind Kind, int Start, int End, bool InRaw = false)
{
    public int Length => End - Start;

    public bool IsLiquid => Kind is not (HtmlPieceKind.Href or HtmlPieceKind.BodyEnd);
}
