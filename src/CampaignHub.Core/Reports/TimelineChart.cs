using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Core.Reports;

/// <summary>An hour or day of a timeline.</summary>
/// <param name="Local">What clocks in its zone show at its beginning.</param>
/// <param name="Accepted">Accepted in it.</param>
/// <param name="Opens">First opened by a person in it.</param>
/// <param name="Clicks">First clicked by a person in it.</param>
public readonly record struct TimelineBar(LocalDateTime Local, long Accepted, long Opens, long Clicks);

/// <summary>A timeline as a picture: three rows of bars over one axis, each to a scale of its own. However many hours there are, it is small.</summary>
public static class TimelineChart
{
    private const int Left = 84;
    private const int PlotWidth = 760;
    private const int Width = Left + PlotWidth + 24;
    private const int Top = 44;
    private const int RowHeight = 72;
    private const int RowGap = 20;
    private const int Base = Top + 3 * (RowHeight + RowGap) - RowGap;
    private const int Height = Base + 44;
    private const int LabelWidth = 56;

    private static readonly LocalDateTimePattern s_hour = LocalDateTimePattern.CreateWithInvariantCulture("ddd d MMM uuuu HH':'mm");
    private static readonly LocalDateTimePattern s_date = LocalDateTimePattern.CreateWithInvariantCulture("ddd d MMM uuuu");
    private static readonly LocalDateTimePattern s_day = LocalDateTimePattern.CreateWithInvariantCulture("d MMM");
    private static readonly LocalDateTimePattern s_clock = LocalDateTimePattern.CreateWithInvariantCulture("HH':'mm");

    private static readonly (string Name, string Class, Func<TimelineBar, long> Of)[] s_rows =
        [("accepted", "accepted", bar => bar.Accepted), ("first opens", "opens", bar => bar.Opens), ("first clicks", "clicks", bar => bar.Clicks)];

    /// <summary>The picture.</summary>
    /// <param name="bars">Every hour or day, ascending.</param>
    /// <param name="interval">Which of the two they are.</param>
    /// <param name="zone">The zone whose they are.</param>
    public static string Svg(IReadOnlyList<TimelineBar> bars, TimelineInterval interval, string zone)
    {
        ArgumentNullException.ThrowIfNull(bars);
        var svg = Chart.Begin($"A campaign by {interval.Word()}s of {zone}", Headline(bars, interval, zone), Describe(bars, interval, zone), Width, Height);
        for (var row = 0; row < s_rows.Length; row++)
            DrawRow(svg, bars, row);
        DrawAxis(svg, bars, interval);
        return svg.End();
    }

    private static void DrawRow(StringBuilder svg, IReadOnlyList<TimelineBar> bars, int row)
    {
        var (name, style, of) = s_rows[row];
        var bottom = Top + row * (RowHeight + RowGap) + RowHeight;
        var most = bars.Count == 0 ? 0 : bars.Max(of);
        svg.Append(CultureInfo.InvariantCulture, $"""<text class="end" x="{Left - 8}" y="{bottom - 2}">{name}</text><text class="end" x="{Left - 8}" y="{bottom - RowHeight + 10}">{Chart.Number(most)}</text>""").Append('\n');
        svg.Append(CultureInfo.InvariantCulture, $"""<path class="{style}" d="{Bars(bars, of, most, bottom)}"/>""").Append('\n');
        svg.Append(CultureInfo.InvariantCulture, $"""<line class="line" x1="{Left}" y1="{bottom}" x2="{Left + PlotWidth}" y2="{bottom}"/>""").Append('\n');
    }

    /// <summary>One path of all bars: a rectangle of its own for each would be ten times as long.</summary>
    private static string Bars(IReadOnlyList<TimelineBar> bars, Func<TimelineBar, long> of, long most, int bottom)
    {
        var path = new StringBuilder();
        var width = (double)PlotWidth / bars.Count;
        var gap = width > 4 ? 1 : 0;
        for (var place = 0; place < bars.Count; place++)
            if (of(bars[place]) is > 0 and var count)
                // Whatever happened is seen, however little: a pixel at least.
                path.Append(CultureInfo.InvariantCulture, $"M{X(place, bars.Count):0.#} {bottom}v-{Math.Max(1, (double)count * RowHeight / most):0.#}h{width - gap:0.##}V{bottom}z");
        return path.ToString();
    }

    private static void DrawAxis(StringBuilder svg, IReadOnlyList<TimelineBar> bars, TimelineInterval interval)
    {
        var isShort = interval == TimelineInterval.Hour && bars.Count <= 72;
        var (free, day) = (double.MinValue, (LocalDate?)null);
        for (var place = 0; place < bars.Count; place++)
        {
            var (local, x) = (bars[place].Local, X(place, bars.Count));
            if (x < free || x > Left + PlotWidth - LabelWidth / 2 || (interval == TimelineInterval.Hour && local.Hour % (isShort ? 6 : 24) != 0))
                continue;
            svg.Append(CultureInfo.InvariantCulture, $"""<line class="line" x1="{x:0.#}" y1="{Base}" x2="{x:0.#}" y2="{Base + 4}"/><text class="mid" x="{x:0.#}" y="{Base + 16}">{(isShort ? s_clock : s_day).Format(local)}</text>""").Append('\n');
            if (isShort && local.Date != day)
                svg.Append(CultureInfo.InvariantCulture, $"""<text class="mid" x="{x:0.#}" y="{Base + 32}">{s_day.Format(local)}</text>""").Append('\n');
            (free, day) = (x + LabelWidth, local.Date);
        }
    }

    private static string Headline(IReadOnlyList<TimelineBar> bars, TimelineInterval interval, string zone) => bars.Count == 0
        ? "Nothing has happened yet"
        : $"{Format(bars[0], interval)} to {Format(bars[^1], interval)}, {zone}";

    private static string Describe(IReadOnlyList<TimelineBar> bars, TimelineInterval interval, string zone)
    {
        if (bars.Count == 0)
            return $"{Headline(bars, interval, zone)}.";
        var rows = s_rows.Select(row => row.Of(bars.MaxBy(row.Of)) is var most && most == 0
            ? $"no {row.Name}"
            : $"{Chart.Number(bars.Sum(row.Of))} {row.Name}, most of them ({Chart.Number(most)}) in the {interval.Word()} of {Format(bars.MaxBy(row.Of), interval)}");
        return $"{Headline(bars, interval, zone)}. {string.Join("; ", rows)}. Opens and clicks are those of people.";
    }

    private static string Format(TimelineBar bar, TimelineInterval interval) => (interval == TimelineInterval.Hour ? s_hour : s_date).Format(bar.Local);

    private static double X(int place, int count) => Left + ((double)place * PlotWidth / count);
}
