using System.Text;

namespace CampaignHub.Core.Audience;

/// <summary>Header cells → keys, by which columns are known and attributes named.</summary>
public static class CsvHeader
{
    /// <summary>Most characters of an attribute's key.</summary>
    public const int MaxKeyLength = 100;

    /// <summary>
    /// snake_case of a header in any script: letters and digits in lower case, runs of anything else one <c>_</c>.
    /// <c>"First Name"</c>, <c>first-name</c> and <c>FIRST_NAME</c> are <c>first_name</c>; a header without letters is empty.
    /// </summary>
    public static string Key(string header)
    {
        var key = new StringBuilder(header.Length);
        foreach (var rune in header.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark)
                key.Append(Rune.ToLowerInvariant(rune).ToString());
            else if (key.Length > 0 && key[^1] != '_')
                key.Append('_');
            if (key.Length >= MaxKeyLength)
                break;
        }
        return key.ToString().TrimEnd('_');
    }

    /// <summary>A key for each column, all different: an empty one is <c>column_3</c>, a second <c>tags</c> is <c>tags_2</c>.</summary>
    public static IReadOnlyList<string> UniqueKeys(IReadOnlyList<string> keys)
    {
        var taken = new HashSet<string>();
        var unique = new string[keys.Count];
        for (var i = 0; i < keys.Count; i++)
        {
            var name = keys[i].Length == 0 ? $"column_{i + 1}" : keys[i];
            unique[i] = name;
            for (var n = 2; !taken.Add(unique[i]); n++)
                unique[i] = $"{name}_{n}";
        }
        return unique;
    }

    /// <summary>
    /// True for columns of numbers that spreadsheets would calculate with, so that exports put a <c>'</c> before them:
    /// ids, phone numbers, postal codes.
    /// </summary>
    public static bool MayBeQuoted(string key) =>
        QuotedEndings.Any(ending => key == ending || key.EndsWith("_" + ending, StringComparison.Ordinal));

    private static readonly string[] QuotedEndings = ["id", "phone", "phone_number", "mobile", "fax", "zip", "zip_code", "postcode", "postal_code"];
}
