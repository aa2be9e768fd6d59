using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>A whole reply: its code, the enhanced code when its text begins with one, and its text without the code.</summary>
internal sealed partial record ReplyLine(int Code, string? EnhancedCode, string Text)
{
    /// <summary>Longest text kept, in characters.</summary>
    public const int MaxText = 512;

    public bool IsRefusal => Code >= 400;

    public static ReplyLine Of(int code, string text)
    {
        var match = Enhanced().Match(text);
        var enhanced = match.Success && match.Value[0] - '0' == code / 100 ? match.Value : null;
        return new ReplyLine(code, enhanced, Printable(text));
    }

    /// <summary>Cut and escaped, so that it can stand in a log, a table, a JSON answer and PostgreSQL text (no NUL).</summary>
    public static string Printable(string text)
    {
        var clean = new StringBuilder(Math.Min(text.Length, MaxText));
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) && rune.Value != ' ')
                clean.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
            else
                clean.Append(rune.ToString());
            if (clean.Length > MaxText)
                break;
        }
        if (clean.Length <= MaxText)
            return clean.ToString();
        var end = char.IsHighSurrogate(clean[MaxText - 1]) ? MaxText - 1 : MaxText;
        return clean.ToString(0, end);
    }

    [GeneratedRegex(@"^[245]\.\d{1,3}\.\d{1,3}(?=\s|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Enhanced();
}
