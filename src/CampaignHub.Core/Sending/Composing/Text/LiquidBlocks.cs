using CampaignHub.Core.Sending.Composing.Links;
using CampaignHub.Core.Sending.Composing.Liquid;

namespace CampaignHub.Core.Sending.Composing.Text;

/// <summary>Tells whether a text can follow the HTML's Liquid.</summary>
internal static class LiquidBlocks
{
    private static readonly HashSet<string> Openings = ["if", "unless", "for", "case", "capture", "tablerow"];
    private static readonly HashSet<string> Branches = ["else", "elsif", "when"];

    /// <summary>True where no block begins in one kind of place and ends in another, such as inside a tag and after it.</summary>
    public static bool AreWhole(IReadOnlyList<LiquidTag> liquid, IEnumerable<HtmlPiece> pieces)
    {
        var places = pieces.Where(piece => piece.IsLiquid).ToDictionary(piece => piece.Start, piece => Place(piece.Kind));
        var open = new Stack<HtmlPieceKind>();
        foreach (var tag in liquid.Where(tag => tag.Kind == LiquidTagKind.Tag))
        {
            if (Openings.Contains(tag.Name))
                open.Push(places[tag.Start]);
            else if (Branches.Contains(tag.Name) && open.TryPeek(out var begun) && begun != places[tag.Start])
                return false;
            else if (IsEnd(tag.Name) && open.TryPop(out var ended) && ended != places[tag.Start])
                return false;
        }
        return true;
    }

    private static bool IsEnd(string name) => name.StartsWith("end", StringComparison.Ordinal) && Openings.Contains(name[3..]);

    private static HtmlPieceKind Place(HtmlPieceKind kind) => kind == HtmlPieceKind.LiquidInComment ? HtmlPieceKind.LiquidInData : kind;
}
