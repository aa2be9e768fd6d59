using System.Net;
using CampaignHub.Core.Sending.Composing.Links;
using CampaignHub.Core.Sending.Composing.Liquid;

namespace CampaignHub.Core.Sending.Composing;

/// <summary>Makes the template that is rendered out of the one that was written; all else keeps every character.</summary>
internal sealed class HtmlPreparation
{
    private const string UnsubscribeVariable = "unsubscribe_url";

    /// <summary>Without words and not displayed, so that nobody sees it, gets to it by keyboard or has it read out; Outlook is told in its own way.</summary>
    private static readonly string s_honeypot =
        $"<div aria-hidden=\"true\" style=\"display:none;mso-hide:all\"><a href=\"{MessageTags.Honeypot}\" tabindex=\"-1\" rel=\"nofollow\"></a></div>";

    public HtmlPreparation(string source, LiquidTemplate written, PreparingOptions options)
    {
        Liquid = LiquidTagScanner.Scan(source);
        Pieces = HtmlScanner.Scan(source, Liquid);
        var finder = new LinkFinder(source, Liquid).Find(Pieces);
        Links = finder.Links;
        Warnings = options.TrackClicks ? finder.Warnings : [];
        var ending = Ending(written, options);
        var edits = options.TrackClicks ? finder.Edits : [];
        Prepared = SourceEdits.Apply(source, ending.Length == 0 ? edits : [.. edits, new(EndOfBody(source), 0, ending)]);
    }

    public IReadOnlyList<LiquidTag> Liquid { get; }

    public IReadOnlyList<HtmlPiece> Pieces { get; }

    public IReadOnlyList<CampaignLink> Links { get; }

    public IReadOnlyList<ContentProblem> Warnings { get; }

    public string Prepared { get; }

    public static string UnsubscribeLine(LiquidTemplate written, PreparingOptions options) =>
        written.Reads(UnsubscribeVariable) ? "" : $"\n\n{Braceless(options.UnsubscribeWording)}: {{{{ {UnsubscribeVariable} }}}}\n";

    private static string Ending(LiquidTemplate written, PreparingOptions options)
    {
        var line = written.Reads(UnsubscribeVariable) ? "" :
            "<p style=\"margin:16px 0;text-align:center;font-family:sans-serif;font-size:12px;color:#666666\">"
            + $"<a href=\"{{{{ {UnsubscribeVariable} }}}}\" style=\"color:#666666\">{Braceless(WebUtility.HtmlEncode(options.UnsubscribeWording))}</a></p>";
        var pixel = !options.TrackOpens ? "" :
            $"<img src=\"{MessageTags.Pixel}\" width=\"1\" height=\"1\" alt=\"\" style=\"display:block;width:1px;height:1px;border:0\">";
        return line + (options.Honeypot ? s_honeypot : "") + pixel;
    }

    // The wording is words: it can't bring Liquid along.
    private static string Braceless(string wording) => wording.Replace('{', '(').Replace('}', ')');

    private int EndOfBody(string source) =>
        Pieces.LastOrDefault(piece => piece.Kind == HtmlPieceKind.BodyEnd && !piece.InRaw) is { Length: > 0 } body ? body.Start : source.Length;
}
