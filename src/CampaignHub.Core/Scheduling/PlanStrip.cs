using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Core.Scheduling;

/// <summary>
/// A plan as a picture: 48 hours by UTC, a bar for each with its people, and under them what clocks around the world show.
/// SVG 1.1 with a title and a description, for light and dark backgrounds.
/// </summary>
public static class PlanStrip
{
    private const int Hours = 48;
    private const int Left = 108;
    private const int HourWidth = 16;
    private const int Width = Left + Hours * HourWidth + 24;
    private const int BarsTop = 56;
    private const int BarsHeight = 120;
    private const int Base = BarsTop + BarsHeight;
    private const int CitiesTop = Base + 52;
    private const int CityHeight = 18;

    private static readonly (string Name, string Zone)[] s_cities =
    [
        ("Los Angeles", "America/Los_Angeles"), ("New York", "America/New_York"), ("São Paulo", "America/Sao_Paulo"), ("Berlin", "Europe/Berlin"),
        ("Delhi", "Asia/Kolkata"), ("Tokyo", "Asia/Tokyo"), ("Sydney", "Australia/Sydney"), ("Auckland", "Pacific/Auckland"),
    ];

    private static readonly InstantPattern s_moment = InstantPattern.CreateWithInvariantCulture("ddd d MMM uuuu HH':'mm");
    private static readonly InstantPattern s_day = InstantPattern.CreateWithInvariantCulture("ddd d MMM");

    /// <summary>The picture, beginning with the hour of the first instant. What lies beyond the 48th is counted in words.</summary>
    /// <param name="instants">When how many people get it; missed ones left out.</param>
    /// <param name="atLaunch">How many get it at the moment of launch, which is still ahead.</param>
    public static string Svg(IReadOnlyCollection<(Instant DueAt, long Recipients)> instants, long atLaunch)
    {
        var svg = new StringBuilder();
        var hours = PlanHours.Of(instants, Hours);
        var height = CitiesTop + s_cities.Length * CityHeight + 14;
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" role="img" aria-labelledby="title desc">
            <title id="title">When the campaign is sent, by UTC hour</title>
            <desc id="desc">{Describe(hours, atLaunch)}</desc>
            {Style}
            <rect class="ground" width="{Width}" height="{height}"/>
            <text class="head" x="12" y="24">{Headline(hours, atLaunch)}</text>

            """);
        if (hours is not null)
        {
            DrawBars(svg, hours);
            DrawCities(svg, hours);
        }
        return svg.Append("</svg>\n").ToString();
    }

    private const string Style = """
        <style>
        .ground { fill: #fff } text { font: 11px system-ui, sans-serif; fill: #333 } .head { font-size: 15px; font-weight: 600 } .mid { text-anchor: middle } .hour { font-size: 10px; text-anchor: middle } .end { text-anchor: end }
        .bar { fill: #1f6feb } .line { stroke: #8a8a8a; stroke-width: 1 } .day { fill: #fde7b0 } .night { fill: #c9d3e6 }
        @media (prefers-color-scheme: dark) {
        .ground { fill: #16181d } text { fill: #ddd } .bar { fill: #6cb0ff } .line { stroke: #777 } .day { fill: #5a4a1c } .night { fill: #27324a }
        }
        </style>
        """;

    private static void DrawBars(StringBuilder svg, PlanHours hours)
    {
        svg.Append(CultureInfo.InvariantCulture, $"""<text class="end" x="{Left - 8}" y="{BarsTop + 10}">{PassedSummary.Count(hours.Fullest)}</text>""").Append('\n');
        for (var hour = 0; hour < Hours; hour++)
        {
            var people = hours.People[hour];
            // Whoever is there is seen, however few: two pixels at least.
            var height = people == 0 ? 0 : Math.Max(2, (int)(people * BarsHeight / hours.Fullest));
            var at = s_moment.Format(hours.From + Duration.FromHours(hour));
            if (people > 0)
                svg.Append(CultureInfo.InvariantCulture, $"""<rect class="bar" x="{X(hour) + 1}" y="{Base - height}" width="{HourWidth - 2}" height="{height}"><title>{at} UTC: {PassedSummary.Count(people)}</title></rect>""").Append('\n');
        }
        svg.Append(CultureInfo.InvariantCulture, $"""<line class="line" x1="{Left}" y1="{Base}" x2="{X(Hours)}" y2="{Base}"/><text class="end" x="{Left - 16}" y="{Base + 16}">UTC</text>""").Append('\n');
        for (var hour = 0; hour < Hours; hour++)
        {
            var at = hours.From + Duration.FromHours(hour);
            if (at.InUtc().Hour % 3 == 0)
                svg.Append(CultureInfo.InvariantCulture, $"""<line class="line" x1="{X(hour)}" y1="{Base}" x2="{X(hour)}" y2="{Base + 4}"/><text class="mid" x="{X(hour)}" y="{Base + 16}">{at.InUtc().Hour:00}</text>""").Append('\n');
            if (at.InUtc().Hour == 0 || (hour == 0 && at.InUtc().Hour < 20))
                svg.Append(CultureInfo.InvariantCulture, $"""<text x="{X(hour)}" y="{Base + 32}">{s_day.Format(at)}</text>""").Append('\n');
        }
    }

    private static void DrawCities(StringBuilder svg, PlanHours hours)
    {
        for (var row = 0; row < s_cities.Length; row++)
        {
            var y = CitiesTop + row * CityHeight;
            var zone = TimeZoneData.Zones[s_cities[row].Zone];
            svg.Append(CultureInfo.InvariantCulture, $"""<text class="end" x="{Left - 8}" y="{y + 12}">{s_cities[row].Name}</text>""").Append('\n');
            for (var hour = 0; hour < Hours; hour++)
            {
                var local = (hours.From + Duration.FromHours(hour)).InZone(zone).Hour;
                svg.Append(CultureInfo.InvariantCulture, $"""<rect class="{(local is >= 8 and < 21 ? "day" : "night")}" x="{X(hour)}" y="{y}" width="{HourWidth}" height="{CityHeight - 2}"/><text class="hour" x="{X(hour) + HourWidth / 2}" y="{y + 12}">{local}</text>""").Append('\n');
            }
        }
    }

    private static string Headline(PlanHours? hours, long atLaunch)
    {
        if (hours is null)
            return atLaunch > 0 ? $"{PassedSummary.Count(atLaunch)} at the moment of launch" : "Nobody gets it";
        var beyond = hours.Beyond > 0 ? $"; {PassedSummary.Count(hours.Beyond)} after these 48 hours" : "";
        return $"{PassedSummary.Count(hours.Total)} from {s_moment.Format(hours.First)} to {s_moment.Format(hours.Last)} UTC{beyond}";
    }

    private static string Describe(PlanHours? hours, long atLaunch)
    {
        if (hours is null)
            return $"{Headline(hours, atLaunch)}.";
        var each = Enumerable.Range(0, Hours).Where(hour => hours.People[hour] > 0)
            .Select(hour => $"{s_moment.Format(hours.From + Duration.FromHours(hour))}: {PassedSummary.Count(hours.People[hour])}");
        return $"{Headline(hours, atLaunch)}. By hour, UTC: {string.Join("; ", each)}. Below, the local hours of {string.Join(", ", s_cities.Select(c => c.Name))}.";
    }

    private static int X(int hour) => Left + hour * HourWidth;
}
