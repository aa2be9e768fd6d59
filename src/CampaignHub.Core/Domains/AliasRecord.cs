namespace CampaignHub.Core.Domains;

/// <summary>A name that leads to another (CNAME, RFC 1034 section 3.6.2).</summary>
public static class AliasRecord
{
    /// <param name="found">Where the name leads.</param>
    /// <param name="target">Where it should.</param>
    public static RecordVerdict Judge(IReadOnlyList<string> found, string target) => found switch
    {
        [] => RecordVerdict.Wrong($"There is no CNAME record here that leads to {target}."),
        [var only] when string.Equals(only.TrimEnd('.'), target, StringComparison.OrdinalIgnoreCase) => RecordVerdict.Right,
        _ => RecordVerdict.Wrong($"It leads to {found[0].TrimEnd('.')} and not to {target}."),
    };
}
