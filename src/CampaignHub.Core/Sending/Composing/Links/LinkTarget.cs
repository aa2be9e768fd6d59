namespace CampaignHub.Core.Sending.Composing.Links;

/// <summary>Reads an href as a browser does.</summary>
internal static class LinkTarget
{
    /// <summary>The URL standard's first step: outer blanks and controls, and inner tabs and line breaks, are dropped.</summary>
    public static string Clean(string href)
    {
        var from = 0;
        var to = href.Length;
        while (from < to && href[from] <= ' ')
            from++;
        while (to > from && href[to - 1] <= ' ')
            to--;
        var trimmed = href[from..to];
        return trimmed.AsSpan().IndexOfAny('\t', '\r', '\n') < 0
            ? trimmed
            : string.Concat(trimmed.Where(character => character is not ('\t' or '\r' or '\n')));
    }

    /// <summary>The length of <c>http://</c> or <c>https://</c> at the front, or 0.</summary>
    public static int Scheme(ReadOnlySpan<char> url) =>
        url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
        : url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7 : 0;

    /// <summary>
    /// True where the scheme and the host are all in <paramref name="fixedPart"/>, the text before any Liquid: a slash,
    /// question mark or hash has ended the host. A backslash, which readers take in different ways, never counts.
    /// </summary>
    public static bool FixesHost(ReadOnlySpan<char> fixedPart)
    {
        var scheme = Scheme(fixedPart);
        var rest = fixedPart[scheme..];
        var end = rest.IndexOfAny("/?#\\");
        return scheme > 0 && end > 0 && rest[end] != '\\';
    }
}
