using System.Text;

namespace CampaignHub.Core.Sending.Composing.Text;

/// <summary>Mends the lines of a derived text after rendering: what a condition left out leaves gaps.</summary>
internal static class TextTidying
{
    /// <summary>No blanks at line ends, at most one empty line in a row, none at the front.</summary>
    public static string Tidy(string text)
    {
        var result = new StringBuilder(text.Length);
        var empty = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var words = line.Trim();
            empty = words.IsEmpty ? empty + 1 : 0;
            if (empty < 2 && (!words.IsEmpty || result.Length > 0))
                result.Append(words).Append('\n');
        }
        return result.ToString().TrimEnd('\n') + "\n";
    }
}
