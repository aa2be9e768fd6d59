namespace CampaignHub.Core.Sending.Composing;

/// <summary>Turns an offset into the line and column that an editor shows, both from 1.</summary>
internal static class TextPosition
{
    public static (int Line, int Column) Of(string source, int offset)
    {
        var before = source.AsSpan(0, Math.Min(offset, source.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
