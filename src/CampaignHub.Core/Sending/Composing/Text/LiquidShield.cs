using System.Globalization;
using CampaignHub.Core.Sending.Composing.Links;
using CampaignHub.Core.Sending.Composing.Liquid;

namespace CampaignHub.Core.Sending.Composing.Text;

/// <summary>
/// Carries Liquid unharmed through an HTML parser: between tags it becomes a comment (allowed anywhere, even
/// where text would be moved out of a table), in values and comments a mark; both hold the piece's number
/// between two characters that the source doesn't use.
/// </summary>
internal sealed class LiquidShield
{
    private readonly string _source;
    private readonly IReadOnlyList<LiquidTag> _liquid;
    private readonly char _mark;

    public LiquidShield(string source, IReadOnlyList<LiquidTag> liquid)
    {
        _source = source;
        _liquid = liquid;
        // Private use: 6,400 characters, and a source that uses them all has no letters left to send.
        _mark = Enumerable.Range(0xE000, 6400).Select(code => (char)code).First(candidate => !source.Contains(candidate));
    }

    public string Protect(IEnumerable<HtmlPiece> pieces)
    {
        var numbers = _liquid.Select((tag, number) => (tag.Start, number)).ToDictionary();
        return SourceEdits.Apply(_source, pieces.Where(piece => piece.IsLiquid)
            .Select(piece => new SourceEdit(piece.Start, piece.Length, Replacement(piece.Kind, numbers[piece.Start]))));
    }

    private string Replacement(HtmlPieceKind kind, int number) => kind switch
    {
        HtmlPieceKind.LiquidInData => $"<!--{Mark(number)}-->",
        HtmlPieceKind.LiquidInValue or HtmlPieceKind.LiquidInComment => Mark(number),
        _ => " ",
    };

    private string Mark(int number) => string.Create(CultureInfo.InvariantCulture, $"{_mark}{number}{_mark}");

    /// <summary>
    /// Splits a text into what is literal and what is Liquid. Only <paramref name="write"/> knows what to do with either.
    /// </summary>
    public void Split(string text, Action<string> write, Action<LiquidTag, string> writeLiquid)
    {
        var parts = text.Split(_mark);
        for (var i = 0; i < parts.Length; i++)
        {
            if (i % 2 == 0)
                write(parts[i]);
            else if (int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < _liquid.Count)
                writeLiquid(_liquid[number], Bare(_liquid[number]));
        }
    }

    // Whitespace control was meant for the HTML's lines; the text has lines of its own.
    private string Bare(LiquidTag tag)
    {
        var piece = _source.Substring(tag.Start, tag.Length);
        if (tag.Kind == LiquidTagKind.Comment || piece.Length < 6)
            return tag.Kind == LiquidTagKind.Comment ? "" : piece;
        var from = piece[2] == '-' ? 3 : 2;
        var to = piece[^3] == '-' ? 3 : 2;
        return string.Concat(piece.AsSpan(0, 2), piece.AsSpan(from, piece.Length - from - to), piece.AsSpan(piece.Length - 2));
    }
}
