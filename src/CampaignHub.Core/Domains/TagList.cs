namespace CampaignHub.Core.Domains;

/// <summary>The tags of a DKIM or DMARC record: <c>v=DKIM1; k=rsa; p=…</c> (RFC 6376 3.2).</summary>
internal static class TagList
{
    /// <summary>The tags by name with white space around them taken off; null where the text is none, or names one twice.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>>? Parse(string text)
    {
        List<KeyValuePair<string, string>> tags = [];
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries))
        {
            // A record may end in a semicolon.
            if (part.Length == 0)
                continue;
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? "" : part[..equals].TrimEnd();
            if (name.Length == 0 || tags.Exists(tag => tag.Key == name))
                return null;
            tags.Add(new(name, part[(equals + 1)..].TrimStart()));
        }
        return tags.Count == 0 ? null : tags;
    }

    /// <summary>The value of a tag; null where it isn't there.</summary>
    public static string? Value(this IReadOnlyList<KeyValuePair<string, string>> tags, string name) =>
        tags.FirstOrDefault(tag => tag.Key == name).Value;
}
