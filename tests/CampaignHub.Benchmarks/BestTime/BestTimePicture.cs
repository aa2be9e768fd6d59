using System.Globalization;
using System.Text;

namespace CampaignHub.Benchmarks.BestTime;

/// <summary>The shares of people who read a campaign, campaign by campaign, as a picture for light and dark backgrounds.</summary>
internal static class BestTimePicture
{
    private const int Left = 56;
    private const int Right = 560;
    private const int Top = 48;
    private const int Base = 288;
    private const int Width = 770;

    private static readonly (string Class, string Name, Func<CampaignResult, double> Of)[] s_lines =
    [
        ("best", "everybody's true best hour", r => r.Best), ("informed", "the most that can be learned", r => r.Informed),
        ("ours", "the learned hour", r => r.Ours), ("one", "the best one hour for all", r => r.OneHour), ("fixed", "10:00", r => r.Fixed),
    ];

    private const string Style = """
        <style>
        .ground { fill: #fff } text { font: 12px system-ui, sans-serif; fill: #333 } .head { font-size: 15px; font-weight: 600 } .end { text-anchor: end } .mid { text-anchor: middle }
        .grid { stroke: #ddd } polyline { fill: none; stroke-width: 2.5 } .best { stroke: #8a8a8a; stroke-dasharray: 6 4 } .ours { stroke: #1f6feb } .informed { stroke: #8a8a8a; stroke-dasharray: 2 4 } .one { stroke: #b8860b } .fixed { stroke: #c0392b }
        @media (prefers-color-scheme: dark) { .ground { fill: #16181d } text { fill: #ddd } .grid { stroke: #333 } .ours { stroke: #6cb0ff } .one { stroke: #e0b040 } .fixed { stroke: #ff7a6b } }
        </style>
        """;

    public static string Svg(CampaignResult[][] byCampaign)
    {
        var lines = s_lines.Select(line => (line.Class, line.Name, Shares: byCampaign.Select(results => results.Average(line.Of)).ToArray())).ToList();
        var (low, high) = (Math.Floor(lines.Min(l => l.Shares.Min()) * 20) / 20, Math.Ceiling(lines.Max(l => l.Shares.Max()) * 20) / 20);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} 336" width="{Width}" height="336" role="img" aria-labelledby="title desc">
            <title id="title">Who reads a campaign within a day, by how its hour was chosen</title>
            <desc id="desc">Simulated, the average of several tenants. {string.Join(" ", lines.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Name}: {l.Shares[0]:0 %} in the first campaign, {l.Shares[9]:0 %} in the tenth, {l.Shares[^1]:0 %} in the last.")))} Half-way, one person in five takes up other habits.</desc>
            {Style}
            <rect class="ground" width="{Width}" height="336"/>
            <text class="head" x="12" y="24">Read within a day, by campaign (simulated)</text>

            """);
        for (var share = low; share <= high + 0.001; share += 0.05)
            svg.Append(CultureInfo.InvariantCulture, $"""<line class="grid" x1="{Left}" y1="{Y(share):0.#}" x2="{Right}" y2="{Y(share):0.#}"/><text class="end" x="{Left - 8}" y="{Y(share) + 4:0.#}">{share:0 %}</text>""").Append('\n');
        for (var campaign = 1; campaign <= byCampaign.Length; campaign++)
            svg.Append(CultureInfo.InvariantCulture, $"""<text class="mid" x="{X(campaign):0.#}" y="{Base + 20}">{campaign}</text>""").Append('\n');
        foreach (var (line, name, shares) in lines)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<polyline class="{line}" points="{string.Join(' ', shares.Select((share, i) => string.Create(CultureInfo.InvariantCulture, $"{X(i + 1):0.#},{Y(share):0.#}")))}"/>""").Append('\n');
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Right + 8}" y="{Y(shares[^1]) + 4:0.#}">{name}</text>""").Append('\n');
        }
        return svg.Append("</svg>\n").ToString();

        double X(int campaign) => Left + 12 + (campaign - 1) * (double)(Right - Left - 24) / (byCampaign.Length - 1);

        double Y(double share) => Base - (share - low) / (high - low) * (Base - Top);
    }
}
