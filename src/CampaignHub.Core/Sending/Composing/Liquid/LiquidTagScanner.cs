namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>
/// Finds the Liquid in a source as the engine does: quotes inside a tag hide its end. It never fails;
/// a tag without an end runs to the end of the source (the parser says what is wrong with it).
/// </summary>
internal static class LiquidTagScanner
{
    public static List<LiquidTag> Scan(string source)
    {
        var tags = new List<LiquidTag>();
        var at = 0;
        while (NextStart(source, at) is var start && start >= 0)
        {
            var tag = source[start + 1] == '{' ? Output(source, start) : Tag(source, start);
            tags.Add(tag);
            at = tag.End;
            if (tag.Kind == LiquidTagKind.RawStart && EndTag(source, at, "endraw") is { } end)
            {
                tags.Add(end with { Kind = LiquidTagKind.RawEnd });
                at = end.End;
            }
        }
        return tags;
    }

    private static int NextStart(string source, int from)
    {
        for (var at = source.IndexOf('{', from); at >= 0 && at + 1 < source.Length; at = source.IndexOf('{', at + 1))
        {
            if (source[at + 1] is '{' or '%')
                return at;
        }
        return -1;
    }

    private static LiquidTag Output(string source, int start) =>
        new(start, Close(source, start + 2, "}}"), LiquidTagKind.Output, "");

    private static LiquidTag Tag(string source, int start)
    {
        var name = Name(source, start);
        // Prose may hold a lone apostrophe: in a comment the first end is the end.
        var end = name == "#" ? After(source, start, "%}") : Close(source, start + 2, "%}");
        return name switch
        {
            "comment" => new(start, EndTag(source, end, "endcomment")?.End ?? source.Length, LiquidTagKind.Comment, name),
            "raw" => new(start, end, LiquidTagKind.RawStart, name),
            _ => new(start, end, LiquidTagKind.Tag, name),
        };
    }

    private static string Name(string source, int start)
    {
        var at = start + 2;
        if (at < source.Length && source[at] == '-')
            at++;
        while (at < source.Length && char.IsWhiteSpace(source[at]))
            at++;
        if (at < source.Length && source[at] == '#')
            return "#";
        var from = at;
        while (at < source.Length && (char.IsAsciiLetterOrDigit(source[at]) || source[at] == '_'))
            at++;
        return source[from..at];
    }

    private static LiquidTag? EndTag(string source, int from, string name)
    {
        for (var at = source.IndexOf("{%", from, StringComparison.Ordinal); at >= 0; at = source.IndexOf("{%", at + 2, StringComparison.Ordinal))
        {
            if (Name(source, at) == name)
                return new(at, After(source, at, "%}"), LiquidTagKind.Tag, name);
        }
        return null;
    }

    private static int Close(string source, int from, string end)
    {
        var quote = '\0';
        for (var at = from; at + 1 < source.Length; at++)
        {
            if (quote != '\0')
                quote = source[at] == quote ? '\0' : quote;
            else if (source[at] is '"' or '\'')
                quote = source[at];
            else if (source[at] == end[0] && source[at + 1] == end[1])
                return at + 2;
        }
        return After(source, from, end);
    }

    private static int After(string source, int from, string end) =>
        source.IndexOf(end, from, StringComparison.Ordinal) is var at && at >= 0 ? at + 2 : source.Length;
}
