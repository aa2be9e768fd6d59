using System.Globalization;
using System.Text;

namespace CampaignHub.Core.Reports;

/// <summary>A key of a breakdown.</summary>
/// <param name="Label">Its name for people.</param>
/// <param name="Accepted">Accepted; 0 where it isn't known by this key.</param>
/// <param name="Opens">Opened by a person.</param>
/// <param name="Clicks">Clicked by a person.</param>
/// <param name="OpenRate">Of what was delivered, 0 to 1; null where there is none.</param>
public readonly record struct BreakdownBar(string Label, long Accepted, long Opens, long Clicks, decimal? OpenRate);

/// <summary>A breakdown as a picture: a bar for each key with what was accepted, opened and clicked, one inside of the other.</summary>
public static class BreakdownChart
{
    private const int MostBars = 24;
    private const int Left = 176;
    private const int PlotWidth = 520;
    private const int Width = Left + PlotWidth + 172;
    private const int Top = 60;
    private const int RowHeight = 22;
    private const int BarHeight = 14;
    private const int LongestLabel = 26;

    /// <summary>The picture.</summary>
    /// <param name="bars">The keys.</param>
    /// <param name="by">What they are, for people: "country".</param>
    /// <param name="inOrder">Whether they follow each other, as hours do; of others the largest come first.</param>
    public static string Svg(IReadOnlyList<BreakdownBar> bars, string by, bool inOrder)
    {
        ArgumentNullException.ThrowIfNull(bars);
        List<BreakdownBar> shown = [.. (inOrder ? bars.AsEnumerable() : bars.OrderByDescending(Size)).Take(MostBars)];
        var headline = bars.Count == 0 ? "Nothing has happened yet" : bars.Count > shown.Count ? $"By {by}: the {shown.Count} largest of {Chart.Number(bars.Count)}" : $"By {by}";
        var height = Top + shown.Count * RowHeight + 12;
        var svg = Chart.Begin($"A campaign by {by}", headline, Describe(headline, shown), Width, height);
        DrawLegend(svg, shown);
        var most = shown.Count == 0 ? 0 : shown.Max(Size);
        for (var row = 0; row < shown.Count; row++)
            DrawBar(svg, shown[row], most, Top + row * RowHeight);
        return svg.End();
    }

    private static void DrawLegend(StringBuilder svg, List<BreakdownBar> shown)
    {
        var x = Left;
        foreach (var (style, name) in new[] { ("accepted", "accepted"), ("opens", "opened by a person"), ("clicks", "clicked by a person") })
        {
            if (style == "accepted" && shown.TrueForAll(bar => bar.Accepted == 0))
                continue;
            svg.Append(CultureInfo.InvariantCulture, $"""<rect class="{style}" x="{x}" y="36" width="10" height="10"/><text x="{x + 15}" y="45">{name}</text>""").Append('\n');
            x += 40 + name.Length * 6;
        }
    }

    private static void DrawBar(StringBuilder svg, BreakdownBar bar, long most, int y)
    {
        var label = bar.Label.Length > LongestLabel ? bar.Label[..(LongestLabel - 1)] + "…" : bar.Label;
        svg.Append(CultureInfo.InvariantCulture, $"""<text class="end" x="{Left - 8}" y="{y + 11}">{Chart.Text(label)}</text>""");
        foreach (var (style, count, inset) in new[] { ("accepted", bar.Accepted, 0), ("opens", bar.Opens, 2), ("clicks", bar.Clicks, 5) })
            if (count > 0)
                svg.Append(CultureInfo.InvariantCulture, $"""<rect class="{style}" x="{Left}" y="{y + inset}" width="{Math.Max(1, (double)count * PlotWidth / most):0.#}" height="{BarHeight - 2 * inset}"/>""");
        svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Left + (double)Size(bar) * PlotWidth / Math.Max(1, most) + 6:0.#}" y="{y + 11}">{Words(bar)}</text>""").Append('\n');
    }

    private static string Words(BreakdownBar bar) => bar.OpenRate is { } rate
        ? string.Create(CultureInfo.InvariantCulture, $"{rate * 100:0.#} % of {Chart.Number(bar.Accepted)}")
        : $"{Chart.Number(bar.Opens)} opened";

    private static string Describe(string headline, List<BreakdownBar> shown) => shown.Count == 0
        ? $"{headline}."
        : $"{headline}. " + string.Join("; ", shown.Select(bar =>
            $"{bar.Label}: {(bar.Accepted > 0 ? $"{Chart.Number(bar.Accepted)} accepted, " : "")}{Chart.Number(bar.Opens)} opened, {Chart.Number(bar.Clicks)} clicked")) + ".";

    private static long Size(BreakdownBar bar) => Math.Max(bar.Accepted, Math.Max(bar.Opens, bar.Clicks));
}
