using System.Globalization;
using System.Net;
using System.Text;

namespace CampaignHub.Core.Reports;

/// <summary>What the pictures of reports have in common: SVG 1.1 with a title and a description, for light and dark backgrounds, without scripts.</summary>
internal static class Chart
{
    private const string Style = """
        <style>
        .ground { fill: #fff } text { font: 11px system-ui, sans-serif; fill: #333 } .head { font-size: 15px; font-weight: 600 } .mid { text-anchor: middle } .end { text-anchor: end }
        .accepted { fill: #b6bdc9 } .opens { fill: #1f6feb } .clicks { fill: #0a3069 } .line { stroke: #8a8a8a; stroke-width: 1 }
        @media (prefers-color-scheme: dark) {
        .ground { fill: #16181d } text { fill: #ddd } .accepted { fill: #4a5160 } .opens { fill: #6cb0ff } .clicks { fill: #cbe3ff } .line { stroke: #777 }
        }
        </style>
        """;

    public static StringBuilder Begin(string title, string headline, string description, int width, int height) => new StringBuilder().Append(CultureInfo.InvariantCulture, $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title desc">
        <title id="title">{Text(title)}</title>
        <desc id="desc">{Text(description)}</desc>
        {Style}
        <rect class="ground" width="{width}" height="{height}"/>
        <text class="head" x="12" y="24">{Text(headline)}</text>

        """);

    public static string End(this StringBuilder svg) => svg.Append("</svg>\n").ToString();

    /// <summary>Text as it may stand in markup.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
