using System.Text;

namespace CampaignHub.Core.Sending.Composing.Links;

/// <summary>One range of a source and what stands there instead.</summary>
internal readonly record struct SourceEdit(int Start, int Length, string Replacement);

internal static class SourceEdits
{
    /// <summary>Applies edits that don't overlap; every character outside them is kept.</summary>
    public static string Apply(string source, IEnumerable<SourceEdit> edits)
    {
        var result = new StringBuilder(source.Length + 1024);
        var at = 0;
        foreach (var edit in edits.OrderBy(edit => edit.Start))
        {
            result.Append(source, at, edit.Start - at).Append(edit.Replacement);
            at = edit.Start + edit.Length;
        }
        return result.Append(source, at, source.Length - at).ToString();
    }
}
