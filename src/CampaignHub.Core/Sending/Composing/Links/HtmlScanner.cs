using CampaignHub.Core.Sending.Composing.Liquid;

namespace CampaignHub.Core.Sending.Composing.Links;

/// <summary>
/// Walks HTML with Liquid in it and notes where things stand, by the HTML standard's tokenizer as far as it
/// decides what is a tag, a value or a comment. Liquid is opaque: its quotes and angle brackets mean nothing
/// to the HTML around it. Nothing is parsed into a tree, so nothing is ever written back differently.
/// </summary>
internal sealed class HtmlScanner
{
    private static readonly string[] RawTextElements = ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"];
    private readonly string _source;
    private readonly IReadOnlyList<LiquidTag> _liquid;
    private readonly List<HtmlPiece> _pieces = [];
    private int _nextLiquid;
    private bool _inRaw;
    private int _at;

    private HtmlScanner(string source, IReadOnlyList<LiquidTag> liquid)
    {
        _source = source;
        _liquid = liquid;
    }

    public static List<HtmlPiece> Scan(string source, IReadOnlyList<LiquidTag> liquid)
    {
        var scanner = new HtmlScanner(source, liquid);
        while (scanner._at < source.Length)
            scanner.Data();
        return scanner._pieces;
    }

    private char Current => _source[_at];

    private bool More => _at < _source.Length;

    private bool StartsWith(string text) => string.CompareOrdinal(_source, _at, text, 0, text.Length) == 0;

    /// <summary>Steps over Liquid that starts here, noting it.</summary>
    private bool SkipLiquid(HtmlPieceKind kind)
    {
        while (_nextLiquid < _liquid.Count && _liquid[_nextLiquid].Start < _at)
            _nextLiquid++;
        if (_nextLiquid == _liquid.Count || _liquid[_nextLiquid].Start != _at)
            return false;
        var tag = _liquid[_nextLiquid];
        _inRaw = tag.Kind == LiquidTagKind.RawStart || (_inRaw && tag.Kind != LiquidTagKind.RawEnd);
        _pieces.Add(new(kind, tag.Start, tag.End));
        _at = tag.End;
        return true;
    }

    private void Data()
    {
        if (SkipLiquid(HtmlPieceKind.LiquidInData))
            return;
        if (Current != '<')
            _at++;
        else if (StartsWith("<!--"))
            Comment();
        else if (At(_at + 1) is '!' or '?' || (At(_at + 1) == '/' && !char.IsAsciiLetter(At(_at + 2))))
            Until(">", HtmlPieceKind.LiquidInComment);
        else if (At(_at + 1) == '/')
            EndTag();
        else if (char.IsAsciiLetter(At(_at + 1)))
            StartTag();
        else
            _at++;
    }

    private char At(int index) => index < _source.Length ? _source[index] : '\0';

    private void Comment()
    {
        _at += 4;
        if (StartsWith(">") || StartsWith("->"))
            _at += Current == '>' ? 1 : 2;
        else
            Until("-->", HtmlPieceKind.LiquidInComment, "--!>");
    }

    private void Until(string end, HtmlPieceKind liquid, string? otherEnd = null)
    {
        while (More)
        {
            if (SkipLiquid(liquid))
                continue;
            if (StartsWith(end) || (otherEnd is not null && StartsWith(otherEnd)))
            {
                _at += StartsWith(end) ? end.Length : otherEnd!.Length;
                return;
            }
            _at++;
        }
    }

    private void EndTag()
    {
        var start = _at;
        _at += 2;
        var name = TagName();
        new HtmlAttributes(this).Read(name, collect: false);
        if (name.Equals("body", StringComparison.OrdinalIgnoreCase))
            _pieces.Add(new(HtmlPieceKind.BodyEnd, start, _at, _inRaw));
    }

    private void StartTag()
    {
        _at++;
        var name = TagName();
        var isLink = name.Equals("a", StringComparison.OrdinalIgnoreCase) || name.Equals("area", StringComparison.OrdinalIgnoreCase);
        new HtmlAttributes(this).Read(name, isLink);
        if (RawTextElements.Contains(name, StringComparer.OrdinalIgnoreCase))
            RawText(name);
    }

    private string TagName()
    {
        var start = _at;
        while (More && !char.IsWhiteSpace(Current) && Current is not ('/' or '>') && !IsLiquid())
            _at++;
        return _source[start.._at];
    }

    private bool IsLiquid()
    {
        while (_nextLiquid < _liquid.Count && _liquid[_nextLiquid].Start < _at)
            _nextLiquid++;
        return _nextLiquid < _liquid.Count && _liquid[_nextLiquid].Start == _at;
    }

    private void RawText(string name)
    {
        while (More)
        {
            if (SkipLiquid(HtmlPieceKind.LiquidElsewhere))
                continue;
            if (Current == '<' && At(_at + 1) == '/'
                && string.Compare(_source, _at + 2, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) == 0
                && !char.IsAsciiLetterOrDigit(At(_at + 2 + name.Length)))
                return;
            _at++;
        }
    }

    /// <summary>The attributes of one tag, up to and with its closing bracket.</summary>
    private ref struct HtmlAttributes(HtmlScanner scanner)
    {
        private bool _seenHref;
        private bool _seenLiquid;

        public void Read(string tagName, bool collect)
        {
            while (scanner.More)
            {
                if (scanner.SkipLiquid(HtmlPieceKind.LiquidElsewhere))
                    _seenLiquid = true;
                else if (scanner.Current == '>')
                {
                    scanner._at++;
                    return;
                }
                else if (char.IsWhiteSpace(scanner.Current) || scanner.Current == '/')
                    scanner._at++;
                else
                    Attribute(collect);
            }
        }

        private void Attribute(bool collect)
        {
            var start = scanner._at++;
            while (scanner.More && !char.IsWhiteSpace(scanner.Current) && scanner.Current is not ('/' or '>' or '=') && !scanner.IsLiquid())
                scanner._at++;
            var isHref = collect && scanner._source.AsSpan(start, scanner._at - start).Equals("href", StringComparison.OrdinalIgnoreCase);
            var afterName = scanner._at;
            Blanks();
            if (!scanner.More || scanner.Current != '=')
            {
                scanner._at = afterName;
                return;
            }
            scanner._at++;
            Blanks();
            Value(isHref);
        }

        private readonly void Blanks()
        {
            while (scanner.More && char.IsWhiteSpace(scanner.Current))
                scanner._at++;
        }

        // A browser takes the first of two equal attributes; with Liquid between them either may be the one that is left.
        private void Value(bool isHref)
        {
            var quote = scanner.More && scanner.Current is '"' or '\'' ? scanner.Current : '\0';
            if (quote != '\0')
                scanner._at++;
            var start = scanner._at;
            var inRaw = scanner._inRaw;
            while (scanner.More && !EndsValue(quote))
            {
                if (!scanner.SkipLiquid(HtmlPieceKind.LiquidInValue))
                    scanner._at++;
            }
            if (isHref && (!_seenHref || _seenLiquid))
                scanner._pieces.Add(new(HtmlPieceKind.Href, start, scanner._at, inRaw));
            _seenHref |= isHref;
            if (quote != '\0' && scanner.More)
                scanner._at++;
        }

        private readonly bool EndsValue(char quote)
        {
            if (scanner.IsLiquid())
                return false;
            return quote != '\0' ? scanner.Current == quote : char.IsWhiteSpace(scanner.Current) || scanner.Current == '>';
        }
    }
}
