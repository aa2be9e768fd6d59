using System.Text;

namespace CampaignHub.Core.Sending.Composing.Text;

/// <summary>
/// Writes words into lines: blanks collapse, breaks are kept back until something follows them. Liquid has no
/// width: a break that was due stands before it, and a line that it begins still counts as begun by nothing.
/// </summary>
internal sealed class TextLayout
{
    private readonly StringBuilder _text = new();
    private int _breaks;
    private bool _space;
    private bool _lineStart = true;

    /// <summary>The next word begins at least this many lines lower.</summary>
    public void Break(int lines)
    {
        _space = false;
        if (!_lineStart || lines > 1)
            _breaks = Math.Max(_breaks, _text.Length == 0 ? 0 : lines);
    }

    public void Words(string text)
    {
        foreach (var character in text)
        {
            if (IsInvisible(character))
                continue;
            if (char.IsWhiteSpace(character))
                _space = true;
            else
                Put(character);
        }
    }

    /// <summary>A value's place: as wide as a word.</summary>
    public void Output(string liquid)
    {
        Flush();
        _text.Append(liquid);
        _lineStart = false;
    }

    /// <summary>A tag: of no width.</summary>
    public void Tag(string liquid)
    {
        Flush();
        _text.Append(liquid);
    }

    public void Verbatim(string text)
    {
        Flush();
        _text.Append(text);
        _lineStart = text.EndsWith('\n');
    }

    public override string ToString() => _text.ToString().TrimEnd() + "\n";

    private void Put(char character)
    {
        Flush();
        _text.Append(character);
        _lineStart = false;
    }

    private void Flush()
    {
        if (_breaks > 0)
            _text.Append('\n', _lineStart ? _breaks - 1 : _breaks);
        else if (_space && !_lineStart)
            _text.Append(' ');
        _lineStart |= _breaks > 0;
        _breaks = 0;
        _space = false;
    }

    // Soft hyphens, joiners and marks of no width pad preheaders; a zero-width non-joiner spells Persian and stays.
    private static bool IsInvisible(char character) => character is '\u00AD' or '\u034F' or '\u200B' or '\uFEFF';
}
