using System.Collections.Frozen;
using System.Text.Json;

namespace CampaignHub.Core;

/// <summary>
/// An enum's words on the wire (JSON, SQL, docs): its members' names in snake_case, so that a word is never spelt twice.
/// </summary>
public static class WireWords
{
    /// <summary>The member's word, such as <c>next_day</c> for <c>NextDay</c>.</summary>
    public static string Word<T>(this T value) where T : struct, Enum => Table<T>.Words[value];

    /// <summary>The member with exactly this word, or null: neither case nor numbers are forgiven.</summary>
    public static T? Parse<T>(string word) where T : struct, Enum =>
        Table<T>.Members.TryGetValue(word, out var member) ? member : null;

    /// <summary>All words, in the order of declaration.</summary>
    public static IReadOnlyList<string> All<T>() where T : struct, Enum => Table<T>.Ordered;

    private static class Table<T> where T : struct, Enum
    {
        internal static readonly FrozenDictionary<T, string> Words = Enum.GetValues<T>()
            .ToFrozenDictionary(m => m, m => JsonNamingPolicy.SnakeCaseLower.ConvertName(m.ToString()));

        internal static readonly FrozenDictionary<string, T> Members =
            Words.ToFrozenDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);

        internal static readonly IReadOnlyList<string> Ordered = [.. Enum.GetValues<T>().Select(m => Words[m])];
    }
}
