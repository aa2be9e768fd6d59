using System.Text.RegularExpressions;

namespace CampaignHub.Core.Domains;

/// <summary>
/// A domain's SPF record (RFC 7208), judged by itself: the records that it includes aren't followed. Which servers
/// belong in it is the relay's business.
/// </summary>
public static partial class SpfRecord
{
    /// <summary>Mechanisms and modifiers that ask DNS: more than ten are a permanent error (RFC 7208 4.6.4).</summary>
    public const int MostLookups = 10;

    /// <summary>Whether a TXT record is an SPF record at all.</summary>
    public static bool Is(string text) =>
        text.Equals("v=spf1", StringComparison.OrdinalIgnoreCase) || text.StartsWith("v=spf1 ", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether these SPF records, all that the domain has, are exactly one that a receiver can use.</summary>
    public static RecordVerdict Judge(IReadOnlyList<string> found) => found switch
    {
        [] => RecordVerdict.Wrong("The domain has no SPF record."),
        [var only] => Judge(only),
        _ => RecordVerdict.Wrong($"The domain has {found.Count} SPF records, which receivers take as an error: make one of them."),
    };

    private static RecordVerdict Judge(string text)
    {
        var terms = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
        if (terms.FirstOrDefault(term => !Term().IsMatch(term)) is { } unknown)
            return RecordVerdict.Wrong($"The SPF record has a term that receivers don't know: {unknown}.");
        var lookups = terms.Count(term => Lookup().IsMatch(term));
        return lookups > MostLookups
            ? RecordVerdict.Wrong($"The SPF record asks DNS {lookups} times by itself; receivers give up after {MostLookups}.")
            : RecordVerdict.Right;
    }

    // Mechanisms with their qualifier; any name=value is a modifier, which receivers skip unless they know it.
    [GeneratedRegex(@"^([+?~-]?(all|(include|exists):\S+|(a|mx)(:[^\s/]+)?(/\d{1,2})?(//\d{1,3})?|ptr(:\S+)?|ip4:[\d.]+(/\d{1,2})?|ip6:[\da-f:.]+(/\d{1,3})?)|[a-z][\w.-]*=\S*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Term();

    [GeneratedRegex(@"^([+?~-]?(include|exists|a|mx|ptr)([:/].*)?|redirect=.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Lookup();
}
