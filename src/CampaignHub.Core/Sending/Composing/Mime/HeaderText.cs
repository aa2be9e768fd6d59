using System.Text;

namespace CampaignHub.Core.Sending.Composing.Mime;

/// <summary>
/// Writes words into a header's line: RFC 5322 where they are plain, RFC 2047 where they aren't. MimeKit's own
/// writer leaves lines longer than RFC 2047 allows, and a text that only looks encoded as it is.
/// </summary>
public static class HeaderText
{
    private const int MaxLine = 76;

    // 60 characters of base64 in a word of 72; 39 bytes on a first line leave room for the field's name.
    private const int WordBytes = 45;
    private const int FirstWordBytes = 39;

    /// <summary>One line without controls: CR, LF, NUL and the like become blanks, so a value can't add a header.</summary>
    public static string OneLine(string value) =>
        value.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0
            ? value
            : string.Create(value.Length, value, static (line, source) =>
            {
                for (var i = 0; i < source.Length; i++)
                    line[i] = IsBreak(source[i]) ? ' ' : source[i];
            });

    private static bool IsBreak(char character) => char.IsControl(character) || character is '\u2028' or '\u2029';

    /// <summary>A header's free text, folded; <paramref name="field"/> is the name whose line it begins on.</summary>
    internal static string Unstructured(string field, string value)
    {
        var text = OneLine(value);
        if (!IsPlain(text))
            return Encoded(text);
        return field.Length + 2 + text.Length <= MaxLine ? text : Folded(field, text) ?? Encoded(text);
    }

    /// <summary>An address with its name, which never touches the address's syntax.</summary>
    internal static string Mailbox(string field, MailAddress address)
    {
        var name = OneLine(address.Name ?? "").Trim();
        if (name.Length == 0)
            return address.Email;
        var plain = IsPlain(name) && field.Length + name.Length + 4 <= MaxLine;
        var shown = !plain ? Encoded(name) : name.All(IsAtomOrBlank) ? name : Quoted(name);
        var lineLength = shown.Length - shown.LastIndexOf('\n') + field.Length;
        return lineLength + address.Email.Length + 4 <= MaxLine ? $"{shown} <{address.Email}>" : $"{shown}\r\n <{address.Email}>";
    }

    private static bool IsPlain(string text) =>
        text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && !text.Contains("=?", StringComparison.Ordinal);

    private static bool IsAtomOrBlank(char character) => char.IsAsciiLetterOrDigit(character) || character is ' ' or '-' or '_' or '&' or '!' or '\'';

    private static string Quoted(string name) =>
        $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    // Null where folding at single blanks doesn't do: blanks in a row would be lost, and a long word has no blank.
    private static string? Folded(string field, string text)
    {
        var words = text.Split(' ');
        if (words.Any(word => word.Length is 0 or > MaxLine - 12))
            return null;
        var folded = new StringBuilder();
        var column = field.Length + 2;
        foreach (var word in words)
        {
            var wraps = folded.Length > 0 && column + 1 + word.Length > MaxLine;
            folded.Append(folded.Length == 0 ? "" : wraps ? "\r\n " : " ").Append(word);
            column = (wraps ? 0 : column) + 1 + word.Length;
        }
        return folded.ToString();
    }

    // A word never splits a character: each is decoded by itself.
    private static string Encoded(string text)
    {
        var words = new StringBuilder();
        var bytes = new List<byte>(WordBytes);
        Span<byte> one = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(one);
            if (bytes.Count + length > (words.Length == 0 ? FirstWordBytes : WordBytes))
                AppendWord(words, bytes);
            bytes.AddRange(one[..length]);
        }
        if (bytes.Count > 0)
            AppendWord(words, bytes);
        return words.ToString();
    }

    private static void AppendWord(StringBuilder words, List<byte> bytes)
    {
        words.Append(words.Length == 0 ? "" : "\r\n ").Append("=?utf-8?B?").Append(Convert.ToBase64String([.. bytes])).Append("?=");
        bytes.Clear();
    }
}
