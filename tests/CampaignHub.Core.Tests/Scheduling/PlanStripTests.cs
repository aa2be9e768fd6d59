using System.Xml.Linq;
using CampaignHub.Core.Scheduling;
using CsCheck;
using NodaTime;
using static CampaignHub.Core.Tests.Scheduling.Times;

namespace CampaignHub.Core.Tests.Scheduling;

public sealed class PlanStripTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly (Instant, long)[] BlackFriday =
        [(Utc("2026-11-27T01:00:00Z"), 310), (Utc("2026-11-27T09:00:00Z"), 2_400), (Utc("2026-11-27T09:30:00Z"), 100), (Utc("2026-11-27T13:00:00Z"), 1)];

    [Fact]
    public void It_says_in_words_what_it_shows()
    {
        var root = Draw(BlackFriday);
        root.Attribute("role")!.Value.ShouldBe("img");
        root.Attribute("aria-labelledby")!.Value.ShouldBe("title desc");
        root.Element(Svg + "title")!.Value.ShouldBe("When the campaign is sent, by UTC hour");
        root.Element(Svg + "desc")!.Value.ShouldStartWith(
            "2,811 people from Fri 27 Nov 2026 01:00 to Fri 27 Nov 2026 13:00 UTC. By hour, UTC: "
            + "Fri 27 Nov 2026 01:00: 310 people; Fri 27 Nov 2026 09:00: 2,500 people; Fri 27 Nov 2026 13:00: 1 person.");
    }

    [Fact]
    public void Whoever_is_there_is_seen_and_the_fullest_hour_is_the_highest()
    {
        var heights = Bars(Draw(BlackFriday)).Select(bar => int.Parse(bar.Attribute("height")!.Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        heights.ShouldBe([14, 120, 2]);
    }

    [Fact]
    public void What_lies_beyond_two_days_is_counted()
    {
        var root = Draw([.. BlackFriday, (Utc("2026-12-01T10:00:00Z"), 7L)]);
        Bars(root).Count().ShouldBe(3);
        root.Element(Svg + "text")!.Value.ShouldEndWith("; 7 people after these 48 hours");
    }

    [Fact]
    public void Before_launch_now_and_an_empty_plan_are_a_sentence()
    {
        Draw([], 12).Element(Svg + "desc")!.Value.ShouldBe("12 people at the moment of launch.");
        Draw([]).Element(Svg + "desc")!.Value.ShouldBe("Nobody gets it.");
    }

    [Fact]
    public void Whatever_the_plan_it_is_well_formed_and_nothing_stands_outside_of_it() =>
        Gens.Planning.Sample(p =>
        {
            var plan = Planning.Plan(p.Schedule, Gens.Zones, p.Now).Where(z => z is { DueAt: not null, Outcome: ZoneOutcome.Send });
            var root = Draw([.. plan.Select(z => (z.DueAt!.Value, 1L))]);
            return root.Elements(Svg + "rect").All(r => Number(r, "x") + Number(r, "width") <= Number(root, "width")
                && Number(r, "y") + Number(r, "height") <= Number(root, "height"));
        });

    private static XElement Draw((Instant, long)[] instants, long atLaunch = 0) => XElement.Parse(PlanStrip.Svg(instants, atLaunch));

    private static IEnumerable<XElement> Bars(XElement root) => root.Elements(Svg + "rect").Where(r => r.Attribute("class")!.Value == "bar");

    private static int Number(XElement element, string name) =>
        int.Parse(element.Attribute(name)?.Value ?? "0", System.Globalization.CultureInfo.InvariantCulture);
}
