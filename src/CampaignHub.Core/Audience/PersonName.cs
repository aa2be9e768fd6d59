namespace CampaignHub.Core.Audience;

/// <summary>A whole name → first and last name. A guess: the whole one should be kept beside it.</summary>
public static class PersonName
{
    /// <summary>What stands before a last name and belongs to it, when written in lower case.</summary>
    private static readonly HashSet<string> Particles =
        ["af", "al", "av", "bin", "da", "das", "de", "degli", "dei", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "le", "ten", "ter", "van", "vom", "von", "zu", "zum", "zur"];

    /// <summary>
    /// The last word is the last name, with its particles (<c>Ludwig van Beethoven</c>); <c>Lee, Ann</c> and names in Han, Kana or Hangul
    /// begin with it. A single word is a first name.
    /// </summary>
    public static (string? First, string? Last) Split(string whole)
    {
        if (whole.IndexOf(',') is var comma and >= 0)
            return (OrNull(whole[(comma + 1)..]), OrNull(whole[..comma]));
        var words = whole.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2)
            return (words.FirstOrDefault(), null);
        if (IsFamilyFirst(words[0][0]))
            return (string.Join(' ', words[1..]), words[0]);
        var last = words.Length - 1;
        while (last > 1 && Particles.Contains(words[last - 1]))
            last--;
        return (string.Join(' ', words[..last]), string.Join(' ', words[last..]));
    }

    private static string? OrNull(string text) => text.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    /// <summary>Hiragana and Katakana, Han, Hangul.</summary>
    private static bool IsFamilyFirst(char letter) => letter is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7A3');
}
