using System.Net;
using CampaignHub.Core.Tracking;
using CsCheck;
using NodaTime;

namespace CampaignHub.Core.Tests.Tracking;

public sealed class HitRulesTests
{
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
    private static readonly Instant s_noon = Instant.FromUtc(2026, 11, 27, 12, 0);

    [Theory]
    [InlineData(HitKind.Open, Chrome, HitClass.Human, "none")]
    [InlineData(HitKind.Open, "Mozilla/5.0", HitClass.PrivacyProxy, "apple_privacy_proxy")]
    [InlineData(HitKind.Click, "Mozilla/5.0", HitClass.Machine, "ua_library")]
    [InlineData(HitKind.Open, "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", HitClass.Human, "image_proxy")]
    [InlineData(HitKind.Open, "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", HitClass.Human, "image_proxy")]
    [InlineData(HitKind.Click, "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", HitClass.Suspected, "image_proxy")]
    [InlineData(HitKind.Click, null, HitClass.Machine, "ua_empty")]
    [InlineData(HitKind.Click, "  ", HitClass.Machine, "ua_empty")]
    [InlineData(HitKind.Click, "curl/8.5.0", HitClass.Machine, "ua_library")]
    [InlineData(HitKind.Click, "Mozilla/5.0 (compatible; bingbot/2.0)", HitClass.Machine, "ua_bot")]
    [InlineData(HitKind.Click, "Barracuda Sentinel (EE)", HitClass.Machine, "ua_scanner")]
    [InlineData(HitKind.Open, "Mozilla/5.0 (Linux; Android 6.0; CUBOT MAX) AppleWebKit/537.36 Chrome/72.0 Mobile Safari/537.36", HitClass.Human, "none")]
    public void User_agents_are_judged_by_family(HitKind kind, string? agent, HitClass expected, string reason) =>
        HitRules.Classify(new Hit(kind, "GET", agent, s_noon, kind == HitKind.Click ? 0 : null))
            .ShouldBe(new HitVerdict(expected, reason, HitRules.Version));

    [Fact]
    public void Head_is_a_machines_whatever_the_agent() =>
        HitRules.Classify(new Hit(HitKind.Open, "HEAD", Chrome, s_noon)).Reason.ShouldBe("head");

    [Fact]
    public void Prefetches_are_a_machines()
    {
        var hit = new Hit(HitKind.Open, "GET", Chrome, s_noon);
        foreach (var prefetch in new[] { hit with { HasXMoz = true }, hit with { Purpose = "prefetch" }, hit with { SecPurpose = "prefetch;prerender" }, hit with { Purpose = "preview" } })
            HitRules.Classify(prefetch).ShouldBe(new HitVerdict(HitClass.Machine, "prefetch", HitRules.Version));
        HitRules.Classify(hit with { Purpose = "reading" }).Class.ShouldBe(HitClass.Human);
    }

    [Fact]
    public void Five_links_within_a_second_are_a_burst_and_all_of_it_is_a_machines()
    {
        var clicks = Enumerable.Range(0, 5).Select(link => new NearClick(s_noon + Duration.FromMilliseconds(250 * link), link)).ToList();
        foreach (var click in clicks)
            Click(click, clicks).ShouldBe(new HitVerdict(HitClass.Machine, "link_burst", HitRules.Version));
    }

    [Fact]
    public void Four_links_or_five_clicks_on_one_link_are_no_burst()
    {
        var four = Enumerable.Range(0, 8).Select(n => new NearClick(s_noon, n % 4)).ToList();
        Click(four[0], four).Class.ShouldBe(HitClass.Human);
    }

    [Fact]
    public void Five_links_that_no_one_second_holds_are_no_burst()
    {
        // Two before, two after: each within a second of the click, but the outer ones nearly two seconds apart.
        var spread = new[] { -990, -980, 0, 980, 990 }.Select((at, link) => new NearClick(s_noon + Duration.FromMilliseconds(at), link)).ToList();
        Click(spread[2], spread).Class.ShouldBe(HitClass.Human);
    }

    [Fact]
    public void Bursts_marked_in_one_pass_are_those_found_click_by_click() =>
        Gen.Select(Gen.Int[0, 3000], Gen.Int[0, 7], (at, link) => new NearClick(s_noon + Duration.FromMilliseconds(at), link)).Array[0, 30]
            .Sample(clicks =>
            {
                NearClick[] ordered = [.. clicks.OrderBy(click => click.At)];
                LinkBurst.Mark(ordered).ShouldBe(ordered.Select(click => LinkBurst.Includes(click, ordered)));
            });

    [Fact]
    public void Every_link_in_order_is_a_walk_and_all_of_it_is_a_machines()
    {
        LinkWalk.Mark([At(0, 0), At(1_900, 1), At(2_000, 1), At(3_900, 2)], links: 3).ShouldAllBe(marked => marked);
        HitRules.Classify(new Hit(HitKind.Click, "GET", Chrome, s_noon, 0), new HitSurroundings(InWalk: true)).ShouldBe(new HitVerdict(HitClass.Machine, "every_link", HitRules.Version));
    }

    [Fact]
    public void What_a_person_does_is_no_walk()
    {
        LinkWalk.Mark([At(0, 0), At(100, 1)], links: 2).ShouldAllBe(marked => !marked, "both of two");
        LinkWalk.Mark([At(0, 0), At(100, 1), At(200, 2)], links: 4).ShouldAllBe(marked => !marked, "not the last");
        LinkWalk.Mark([At(0, 1), At(100, 2), At(200, 3)], links: 4).ShouldAllBe(marked => !marked, "not the first");
        LinkWalk.Mark([At(0, 0), At(100, 2), At(200, 1)], links: 3).ShouldAllBe(marked => !marked, "out of order");
        LinkWalk.Mark([At(0, 0), At(100, 1), At(2_101, 2)], links: 3).ShouldAllBe(marked => !marked, "with time to read");
    }

    [Fact]
    public void A_walk_is_marked_wherever_it_is_and_nothing_beside_it() =>
        Gen.Select(Gen.Int[3, 6], Gen.Select(Gen.Int[0, 2_500], Gen.Int[0, 5]).Array[0, 20], Gen.Select(Gen.Int[0, 2_500], Gen.Int[0, 5]).Array[0, 20])
            .Sample((links, before, after) =>
            {
                // Far apart from what is around, the walk alone is added to what is marked anyway.
                NearClick[] walk = [.. Enumerable.Range(0, links).Select(link => At(100_000 + 2_000 * link, link))];
                NearClick[] earlier = Steps(0, before), later = Steps(200_000, after);
                LinkWalk.Mark([.. earlier, .. walk, .. later], links).ShouldBe(
                    [.. LinkWalk.Mark(earlier, links), .. walk.Select(_ => true), .. LinkWalk.Mark(later, links)]);
            });

    [Theory]
    [InlineData(-60_000, false)]
    [InlineData(-59_999, true)]
    [InlineData(0, true)]
    [InlineData(2_999, true)]
    [InlineData(3_000, false)]
    public void A_click_sooner_than_three_seconds_after_the_acceptance_is_too_soon_for_a_person(int milliseconds, bool expected) =>
        ReadingTime.IsTooShort(s_noon + Duration.FromMilliseconds(milliseconds), s_noon).ShouldBe(expected);

    [Fact]
    public void Too_soon_is_a_suspicion_that_proof_goes_before()
    {
        var click = new Hit(HitKind.Click, "GET", Chrome, s_noon, 0);
        HitRules.Classify(click, new HitSurroundings(IsTooSoon: true)).ShouldBe(new HitVerdict(HitClass.Suspected, "too_soon", HitRules.Version));
        HitRules.Classify(click with { UserAgent = "curl/8.5.0" }, new HitSurroundings(IsTooSoon: true)).Reason.ShouldBe("ua_library");
        HitRules.Classify(click, new HitSurroundings(InBurst: true, IsTooSoon: true)).Reason.ShouldBe("link_burst");
        ReadingTime.IsTooShort(s_noon, null).ShouldBeFalse("unknown is no ground");
    }

    [Fact]
    public void Links_of_five_deliveries_from_one_network_within_ten_seconds_are_suspected_together()
    {
        Guid[] deliveries = [.. Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7())];
        NetworkClick From(double seconds, int delivery) => new(s_noon + Duration.FromSeconds(seconds), deliveries[delivery]);
        NetworkBurst.Mark([From(0, 0), From(1, 0), From(3, 1), From(5, 2), From(7, 3), From(10, 4), From(20.1, 4)]).ShouldBe([true, true, true, true, true, true, false]);
        NetworkBurst.Mark([From(0, 0), From(3, 1), From(5, 2), From(7, 3), From(10.1, 4)]).ShouldAllBe(marked => !marked, "too slow");
        NetworkBurst.Mark([.. Enumerable.Range(0, 40).Select(n => From(n / 10.0, n % 4))]).ShouldAllBe(marked => !marked, "too few, however often");

        var click = new Hit(HitKind.Click, "GET", Chrome, s_noon, 0);
        HitRules.Classify(click, new HitSurroundings(InNetworkBurst: true)).ShouldBe(new HitVerdict(HitClass.Suspected, "network_burst", HitRules.Version));
        HitRules.Classify(click with { UserAgent = "curl/8.5.0" }, new HitSurroundings(InNetworkBurst: true)).Reason.ShouldBe("ua_library");
    }

    [Fact]
    public void What_comes_within_a_second_of_the_honeypot_is_a_machines()
    {
        Honeypot.Mark([At(0, 1), At(500, 0), At(1_500, Honeypot.LinkIndex), At(2_000, 2), At(2_400, Honeypot.LinkIndex), At(3_400, 3), At(3_401, 4)])
            .ShouldBe([false, true, true, true, true, true, false]);
        Honeypot.Mark([At(0, 0), At(1, 1)]).ShouldAllBe(marked => !marked);
        HitRules.Classify(new Hit(HitKind.Click, "GET", Chrome, s_noon, 0), new HitSurroundings(WithHoneypot: true)).ShouldBe(new HitVerdict(HitClass.Machine, "honeypot", HitRules.Version));
        LinkWalk.Mark([At(0, 0), At(1_900, 1), At(2_000, Honeypot.LinkIndex), At(3_900, 2)], links: 3).ShouldAllBe(marked => marked, "it lies beside the way");
    }

    [Fact]
    public void A_network_is_the_same_for_a_day_and_a_tenant_and_then_another()
    {
        byte[] key = [.. Enumerable.Range(0, HitNetwork.KeyBytes).Select(n => (byte)n)];
        string? Of(string address, int hours = 0, byte[]? other = null) =>
            HitNetwork.HashOf(IPAddress.Parse(address), s_noon + Duration.FromHours(hours), other ?? key) is { } hash ? Convert.ToHexString(hash) : null;
        var network = Of("203.0.113.7").ShouldNotBeNull();
        network.Length.ShouldBe(2 * HitNetwork.Bytes);
        (Of("203.0.113.7", 11), Of("::ffff:203.0.113.7")).ShouldBe((network, network));
        new[] { Of("203.0.113.8"), Of("203.0.113.7", 12), Of("203.0.113.7", 0, new byte[HitNetwork.KeyBytes]) }.ShouldAllBe(other => other != null && other != network);
        Of("2001:db8::1").ShouldBe(Of("2001:db8:0:0:ffff::2"));
        Of("2001:db8::1").ShouldNotBe(Of("2001:db8:0:1::1"));
        foreach (var nowhere in (string[])["127.0.0.1", "::1", "10.1.2.3", "192.168.0.1", "172.31.0.1", "100.64.0.1", "169.254.1.1", "fd00::1", "fe80::1", "::ffff:10.0.0.1"])
            Of(nowhere).ShouldBeNull(nowhere);
    }

    [Fact]
    public void A_megabyte_of_user_agent_is_judged_by_its_front() =>
        HitRules.Classify(new Hit(HitKind.Open, "GET", Chrome + new string('x', 1 << 20) + "Googlebot", s_noon)).Class.ShouldBe(HitClass.Human);

    [Theory]
    [InlineData(Chrome, "desktop")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", "mobile")]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 12_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", "tablet")]
    [InlineData("Mozilla/5.0 (Linux; Android 9; SM-T510) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36", "tablet")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36", "mobile")]
    [InlineData("Mozilla/5.0", "proxy")]
    [InlineData("Mozilla/5.0 (via ggpht.com GoogleImageProxy)", "proxy")]
    [InlineData("curl/8.5.0", "bot")]
    [InlineData(null, "other")]
    public void Devices_are_kept_as_families(string? agent, string word) => DeviceFamilies.Of(agent).Word().ShouldBe(word);

    [Fact]
    public void Classes_have_the_contracts_words() =>
        Enum.GetValues<HitClass>().Select(c => c.Word()).ShouldBe(["human", "machine", "privacy_proxy", "suspected"]);

    private static NearClick At(int milliseconds, int link) => new(s_noon + Duration.FromMilliseconds(milliseconds), link);

    private static NearClick[] Steps(int from, (int Pause, int Link)[] steps)
    {
        var at = from;
        return [.. steps.Select(step => At(at += step.Pause, step.Link))];
    }

    private static HitVerdict Click(NearClick click, IReadOnlyCollection<NearClick> near) =>
        HitRules.Classify(new Hit(HitKind.Click, "GET", Chrome, click.At, click.LinkIndex), near);
}
