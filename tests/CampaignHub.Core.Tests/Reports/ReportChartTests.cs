using System.Globalization;
using System.Xml.Linq;
using CampaignHub.Core.Reports;
using CsCheck;
using NodaTime;

namespace CampaignHub.Core.Tests.Reports;

public sealed class ReportChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly LocalDateTime Begin = new(2026, 11, 27, 9, 0);

    [Fact]
    public void A_timeline_says_in_words_what_it_shows()
    {
        var root = Draw([new(Begin, 1_200, 0, 0), new(Begin.PlusHours(1), 0, 300, 40), new(Begin.PlusHours(2), 0, 120, 60)]);
        root.Attribute("role")!.Value.ShouldBe("img");
        root.Attribute("aria-labelledby")!.Value.ShouldBe("title desc");
        root.Element(Svg + "title")!.Value.ShouldBe("A campaign by hours of Europe/Berlin");
        root.Element(Svg + "desc")!.Value.ShouldBe("Fri 27 Nov 2026 09:00 to Fri 27 Nov 2026 11:00, Europe/Berlin. "
            + "1,200 accepted, most of them (1,200) in the hour of Fri 27 Nov 2026 09:00; 420 first opens, most of them (300) in the hour of Fri 27 Nov 2026 10:00; "
            + "100 first clicks, most of them (60) in the hour of Fri 27 Nov 2026 11:00. Opens and clicks are those of people.");
        Draw([]).Element(Svg + "desc")!.Value.ShouldBe("Nothing has happened yet.");
    }

    [Fact]
    public void The_highest_bar_fills_its_row_and_the_least_is_seen()
    {
        var opens = Draw([new(Begin, 0, 10_000, 0), new(Begin.PlusHours(1), 0, 1, 0)]).Elements(Svg + "path").Single(p => p.Attribute("class")!.Value == "opens");
        opens.Attribute("d")!.Value.ShouldBe("M84 208v-72h379V208zM464 208v-1h379V208z");
    }

    [Fact]
    public void A_month_of_hours_and_a_year_of_days_are_small() =>
        Gen.Select(Gen.Long[0, 9_999_999].Array[1, 745], Gen.Bool).Sample((counts, byDay) =>
        {
            var svg = TimelineChart.Svg([.. counts.Select((n, place) => new TimelineBar(byDay ? Begin.PlusDays(place) : Begin.PlusHours(place), n, n / 2, n / 7))],
                byDay ? TimelineInterval.Day : TimelineInterval.Hour, "Asia/Kolkata");
            return svg.Length < 100_000 && !svg.Contains("NaN", StringComparison.Ordinal) && Inside(XElement.Parse(svg));
        }, iter: 100);

    [Fact]
    public void A_breakdown_shows_the_largest_first_and_says_how_many_there_are()
    {
        var root = XElement.Parse(BreakdownChart.Svg([.. Enumerable.Range(1, 30).Select(n => new BreakdownBar($"d{n}.example", n * 100, n * 40, n * 10, 0.4m))], "mail domain", inOrder: false));
        root.Elements(Svg + "text").First().Value.ShouldBe("By mail domain: the 24 largest of 30");
        root.Element(Svg + "desc")!.Value.ShouldStartWith("By mail domain: the 24 largest of 30. d30.example: 3,000 accepted, 1,200 opened, 300 clicked; d29.example: ");
        root.Elements(Svg + "text").ShouldContain(text => text.Value == "40 % of 3,000");
    }

    [Fact]
    public void Hours_stay_in_order_and_devices_have_no_rate()
    {
        XElement.Parse(BreakdownChart.Svg([new("00", 1, 0, 0, 0), new("01", 9, 0, 0, 0)], "local hour", inOrder: true)).Element(Svg + "desc")!.Value
            .ShouldBe("By local hour. 00: 1 accepted, 0 opened, 0 clicked; 01: 9 accepted, 0 opened, 0 clicked.");
        XElement.Parse(BreakdownChart.Svg([new("mobile", 0, 12, 3, null)], "device", inOrder: false)).Elements(Svg + "text").Select(t => t.Value).ShouldNotContain("accepted");
    }

    [Fact]
    public void Whatever_a_key_is_called_it_is_well_formed_and_nothing_stands_outside() =>
        Gen.Select(Gen.String[Gen.Char[' ', '~'], 0, 60], Gen.Long[0, 1_000_000_000], Gen.Long[0, 1_000_000_000]).Sample((label, accepted, opens) =>
            Inside(XElement.Parse(BreakdownChart.Svg([new(label, accepted, opens, opens / 3, null), new("<b>&", 1, 0, 0, null)], "country", inOrder: false))));

    private static XElement Draw(TimelineBar[] bars) => XElement.Parse(TimelineChart.Svg(bars, TimelineInterval.Hour, "Europe/Berlin"));

    private static bool Inside(XElement root) => root.Elements(Svg + "rect").Concat(root.Elements(Svg + "text")).All(e =>
        Number(e, "x") + Number(e, "width") <= Number(root, "width") && Number(e, "y") + Number(e, "height") <= Number(root, "height"));

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)?.Value ?? "0", CultureInfo.InvariantCulture);
}
