namespace CampaignHub.Core.Sending.Composing.Mime;

/// <summary>Keeps values out of the header's syntax.</summary>
public static class HeaderText
{
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
}
