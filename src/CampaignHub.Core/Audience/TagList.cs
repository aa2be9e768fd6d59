namespace CampaignHub.Core.Audience;

/// <summary>A person's tags as shops and lists keep them: the attribute <c>tags</c>, an array.</summary>
public static class TagList
{
    /// <summary>Most tags of a person, as many as a shop allows.</summary>
    public const int Most = 250;

    /// <summary>Most characters of a tag; a longer one is left out.</summary>
    public const int MaxLength = 255;

    /// <summary>Trimmed, each once, in their order; without what is empty or no text.</summary>
    public static List<string> Of(IEnumerable<string?> tags) =>
        [.. tags.Select(tag => tag?.Trim()).OfType<string>().Where(tag => tag.Length is > 0 and <= MaxLength).Distinct(StringComparer.Ordinal).Take(Most)];

    /// <summary>Tags of one cell, between commas; one in quotes may hold a comma, and a quote as two.</summary>
    public static List<string> OfCell(string cell) => Of(Split(cell));

    private static IEnumerable<string> Split(string cell)
    {
        var start = 0;
        var isQuoted = false;
        for (var i = 0; i < cell.Length; i++)
        {
            if (cell[i] == '"')
                isQuoted = !isQuoted;
            if (cell[i] != ',' || isQuoted)
                continue;
            yield return Unquoted(cell[start..i]);
            start = i + 1;
        }
        yield return Unquoted(cell[start..]);
    }

    private static string Unquoted(string tag) => tag.Trim() is ['"', .. var inside, '"'] ? inside.Replace("\"\"", "\"", StringComparison.Ordinal) : tag;
}
