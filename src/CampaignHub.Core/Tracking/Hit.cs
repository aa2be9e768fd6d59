using NodaTime;

namespace CampaignHub.Core.Tracking;

/// <summary>Which tracking URL was asked for.</summary>
public enum HitKind
{
    Open,
    Click,
}

/// <summary>Who stands behind a hit.</summary>
public enum HitClass
{
    /// <summary><c>human</c>: a person's, also when fetched through a mailbox provider's image proxy.</summary>
    Human,

    /// <summary><c>machine</c>: a scanner, crawler or program.</summary>
    Machine,

    /// <summary><c>privacy_proxy</c>: fetched ahead of any reading, to hide whether anyone reads.</summary>
    PrivacyProxy,

    /// <summary><c>suspected</c>: more likely a machine's than a person's, without proof.</summary>
    Suspected,
}

/// <summary>The contract's words for <see cref="HitClass"/>.</summary>
public static class HitClassWords
{
    public static string Word(this HitClass hitClass) => hitClass switch
    {
        HitClass.Human => "human",
        HitClass.Machine => "machine",
        HitClass.PrivacyProxy => "privacy_proxy",
        HitClass.Suspected => "suspected",
        _ => throw new ArgumentOutOfRangeException(nameof(hitClass), hitClass, "No such class."),
    };
}

/// <summary>A request to a tracking URL, as far as its class depends on it.</summary>
/// <param name="Kind">Open or click.</param>
/// <param name="Method">The HTTP method, such as <c>GET</c>.</param>
/// <param name="UserAgent">The header <c>User-Agent</c>; null when absent. The first 512 characters count.</param>
/// <param name="At">When it came.</param>
/// <param name="LinkIndex">Index of the clicked link, or <see cref="Honeypot.LinkIndex"/>; null for opens.</param>
/// <param name="Purpose">The header <c>Purpose</c> or <c>X-Purpose</c>.</param>
/// <param name="SecPurpose">The header <c>Sec-Purpose</c>.</param>
/// <param name="HasXMoz">Whether <c>X-Moz</c> was sent: Firefox does so only when it prefetches.</param>
/// <param name="FromDataCentre">Whether it came from a network of a data centre, as far as the operator names them.</param>
public sealed record Hit(
    HitKind Kind, string Method, string? UserAgent, Instant At, int? LinkIndex = null,
    string? Purpose = null, string? SecPurpose = null, bool HasXMoz = false, bool FromDataCentre = false);

/// <summary>A click of the same delivery, near in time.</summary>
public readonly record struct NearClick(Instant At, int LinkIndex);

/// <summary>What is known around a hit.</summary>
/// <param name="InBurst">It belongs to a burst: see <see cref="LinkBurst"/>.</param>
/// <param name="InWalk">It belongs to a walk through all links: see <see cref="LinkWalk"/>.</param>
/// <param name="IsTooSoon">It came before anybody can have read the mail: see <see cref="ReadingTime"/>.</param>
/// <param name="InNetworkBurst">It belongs to a burst of a network: see <see cref="NetworkBurst"/>.</param>
/// <param name="WithHoneypot">It came with a click on the link that nobody sees: see <see cref="Honeypot"/>.</param>
public readonly record struct HitSurroundings(
    bool InBurst = false, bool InWalk = false, bool IsTooSoon = false, bool InNetworkBurst = false, bool WithHoneypot = false);

/// <summary>How a hit is judged. Stored with the hit, which is never discarded.</summary>
/// <param name="Class">Who stands behind it.</param>
/// <param name="Reason">Name of the rule that decided.</param>
/// <param name="RuleSet">Version of the rules, so that a later version can find what to judge again.</param>
public readonly record struct HitVerdict(HitClass Class, string Reason, int RuleSet);
