namespace CampaignHub.Core.Tracking;

/// <summary>
/// The ordered rules that tell a person's hit from a machine's; the first that matches decides, and its name is stored
/// as the reason.
/// </summary>
public static class HitRules
{
    /// <summary>Version of this rule set; raised whenever a rule changes, so that past hits can be judged again.</summary>
    public const int Version = 5;

    private static readonly Rule[] s_rules =
    [
        // Nobody reads by HEAD: link checkers and gateways probe with it.
        new("head", HitClass.Machine, facts => facts.Hit.Method.Equals("HEAD", StringComparison.OrdinalIgnoreCase)),
        new("prefetch", HitClass.Machine, facts => IsPrefetch(facts.Hit)),
        // Nobody sees it: whoever follows it follows everything.
        new("honeypot", HitClass.Machine, facts => facts.Around.WithHoneypot),
        // Before the user agents: scanners borrow those of browsers.
        new("link_burst", HitClass.Machine, facts => facts.Around.InBurst),
        new("every_link", HitClass.Machine, facts => facts.Around.InWalk),
        // Apple's proxy says nothing but this, and fetches at delivery whether or not anybody reads.
        new("apple_privacy_proxy", HitClass.PrivacyProxy, facts => facts.IsOpen && facts.Hit.UserAgent == "Mozilla/5.0"),
        // These fetch when the person opens the mail, so the open is the person's; but they follow no links.
        new("image_proxy", HitClass.Human, facts => facts.IsOpen && facts.Agent == UserAgentKind.ImageProxy),
        new("image_proxy", HitClass.Suspected, facts => facts.Agent == UserAgentKind.ImageProxy),
        new("ua_empty", HitClass.Machine, facts => facts.Agent == UserAgentKind.Empty),
        new("ua_scanner", HitClass.Machine, facts => facts.Agent == UserAgentKind.Scanner),
        new("ua_bot", HitClass.Machine, facts => facts.Agent == UserAgentKind.Bot),
        new("ua_library", HitClass.Machine, facts => facts.Agent == UserAgentKind.Library),
        // Whoever it is, nobody had the time to read.
        new("too_soon", HitClass.Suspected, facts => facts.Around.IsTooSoon),
        // A gateway that looks into everybody's mail; but so do many at once behind one address, of a company or of a carrier.
        new("network_burst", HitClass.Suspected, facts => facts.Around.InNetworkBurst),
        // Scanners run there in browsers' clothes; but so do companies' proxies and VPNs, behind which people read.
        new("data_centre", HitClass.Suspected, facts => facts.Hit.FromDataCentre),
        new("none", HitClass.Human, _ => true),
    ];

    /// <summary>Judges a hit.</summary>
    /// <param name="hit">The hit.</param>
    /// <param name="near">Clicks of the same delivery within one second of it, as far as known.</param>
    public static HitVerdict Classify(Hit hit, IReadOnlyCollection<NearClick>? near = null)
    {
        var inBurst = hit.LinkIndex is { } link && near is not null && LinkBurst.Includes(new NearClick(hit.At, link), near);
        return Classify(hit, new HitSurroundings(inBurst));
    }

    /// <summary>Judges a hit of which it is known what was around it.</summary>
    public static HitVerdict Classify(Hit hit, HitSurroundings around)
    {
        var facts = new Facts(hit, UserAgents.KindOf(hit.UserAgent), around);
        var rule = Array.Find(s_rules, rule => rule.Matches(facts))!; // the last one matches always
        return new HitVerdict(rule.Class, rule.Reason, Version);
    }

    private static bool IsPrefetch(Hit hit) => hit.HasXMoz || SaysPrefetch(hit.Purpose) || SaysPrefetch(hit.SecPurpose);

    private static bool SaysPrefetch(string? purpose) =>
        purpose is not null && (purpose.Contains("prefetch", StringComparison.OrdinalIgnoreCase)
            || purpose.Contains("prerender", StringComparison.OrdinalIgnoreCase)
            || purpose.Contains("preview", StringComparison.OrdinalIgnoreCase));

    private readonly record struct Facts(Hit Hit, UserAgentKind Agent, HitSurroundings Around)
    {
        public bool IsOpen => Hit.Kind == HitKind.Open;
    }

    private sealed record Rule(string Reason, HitClass Class, Predicate<Facts> Matches);
}
