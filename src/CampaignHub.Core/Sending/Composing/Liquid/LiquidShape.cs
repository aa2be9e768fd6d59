namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>
/// Refuses, before the engine's recursive parser sees them, sources nested so deep that its stack would
/// overflow: that ends the process and cannot be caught.
/// </summary>
internal static class LiquidShape
{
    private const int MaxDepth = 100;
    private const int MaxTagLength = 16_384;
    private const int MaxBrackets = 100;
    private const int MaxFilters = 500;
    private static readonly string[] Blocks = ["if", "unless", "for", "case", "capture", "tablerow", "ifchanged"];

    public static LiquidProblem? Check(string source, IReadOnlyList<LiquidTag> tags)
    {
        var depth = 0;
        foreach (var tag in tags.Where(tag => tag.Kind is LiquidTagKind.Tag or LiquidTagKind.Output))
        {
            var body = source.AsSpan(tag.Start, tag.Length);
            depth += tag.Name == "liquid" ? DepthOfLines(body) : DepthOf(tag.Name);
            if (depth > MaxDepth)
                return Problem(source, tag, $"Blocks are nested more than {MaxDepth} deep.");
            if (body.Length > MaxTagLength || body.Count('[') + body.Count('(') > MaxBrackets || body.Count('|') > MaxFilters)
                return Problem(source, tag, "The tag is too long or too deeply nested.");
        }
        return null;
    }

    private static int DepthOf(ReadOnlySpan<char> name)
    {
        foreach (var block in Blocks)
        {
            if (name.SequenceEqual(block))
                return 1;
            if (name.StartsWith("end") && name[3..].SequenceEqual(block))
                return -1;
        }
        return 0;
    }

    // What a tag of lines leaves open counts on; a depth that it reaches and leaves again counts only where it is too deep.
    private static int DepthOfLines(ReadOnlySpan<char> body)
    {
        var deepest = 0;
        var depth = 0;
        foreach (var line in body.EnumerateLines())
        {
            var word = line.Trim();
            var space = word.IndexOfAny(' ', '\t');
            depth += DepthOf(space < 0 ? word : word[..space]);
            deepest = Math.Max(deepest, depth);
        }
        return deepest > MaxDepth ? deepest : depth;
    }

    private static LiquidProblem Problem(string source, LiquidTag tag, string message)
    {
        var (line, column) = TextPosition.Of(source, tag.Start);
        return new(line, column, message);
    }
}
