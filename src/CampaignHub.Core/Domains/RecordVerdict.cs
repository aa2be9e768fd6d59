namespace CampaignHub.Core.Domains;

/// <summary>What a record was found to be.</summary>
/// <param name="Ok">Whether it is right; null: it could not be read, which says nothing of it.</param>
/// <param name="Problem">What is the matter, in a sentence; null where it is right.</param>
public sealed record RecordVerdict(bool? Ok, string? Problem)
{
    public static RecordVerdict Right { get; } = new(true, null);

    public static RecordVerdict Wrong(string problem) => new(false, problem);

    public static RecordVerdict Unread(string problem) => new(null, problem);

    /// <summary>Of two records that are both needed: a wrong one decides, then one that could not be read.</summary>
    public RecordVerdict And(RecordVerdict other) =>
        Ok == false ? this : other.Ok == false ? other : Ok is null ? this : other;
}
