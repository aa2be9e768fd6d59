using System.Buffers;

namespace CampaignHub.Core.Sending.Composing.Text;

/// <summary>Mends the lines of a derived text after rendering: what a condition left out leaves gaps.</summary>
internal static class TextTidying
{
    /// <summary>No blanks at a line's ends, at most one empty line in a row, none at the front or the end.</summary>
    public static void Tidy(ReadOnlySpan<char> text, PooledBuffer<char> tidied)
    {
        var gap = false;
        foreach (var line in text.EnumerateLines())
        {
            var words = line.Trim();
            if (!words.IsEmpty)
            {
                tidied.Write(gap && tidied.Length > 0 ? "\n" : "");
                tidied.Write(words);
                tidied.Write("\n");
            }
            gap = words.IsEmpty;
        }
        tidied.Write(tidied.Length == 0 ? "\n" : "");
    }
}
