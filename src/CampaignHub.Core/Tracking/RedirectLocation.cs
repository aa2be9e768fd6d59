using System.Globalization;
using System.Text;

namespace CampaignHub.Core.Tracking;

/// <summary>A destination as the header <c>Location</c> carries it.</summary>
public static class RedirectLocation
{
    /// <summary>
    /// The URL, each printable ASCII character as its author wrote it. Others can't stand in a header and are
    /// percent-encoded as UTF-8 (RFC 3987 §3.1): the same address, and no line break ever reaches the header.
    /// </summary>
    public static string Of(string url)
    {
        if (!url.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return url;
        var text = new StringBuilder(url.Length + 32);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in url.EnumerateRunes())
        {
            if (rune.Value is >= '!' and <= '~')
                text.Append((char)rune.Value);
            else
                foreach (var unit in bytes[..rune.EncodeToUtf8(bytes)])
                    text.Append('%').Append(unit.ToString("X2", CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }
}
