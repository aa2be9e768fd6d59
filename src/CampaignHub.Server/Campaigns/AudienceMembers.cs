using CampaignHub.Core.Audience.Segments;
using CampaignHub.Server.Audience.Segments;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>
/// Who is in an audience, as a condition over the recipient's row <c>r</c>: on any of its lists or in any of its segments, and on
/// none of the lists and in none of the segments that it leaves out.
/// </summary>
/// <param name="Condition">The condition; the caller gives <c>@TenantId</c>.</param>
/// <param name="Parameters">Its other parameters.</param>
internal sealed record AudienceMembers(string Condition, IReadOnlyDictionary<string, object> Parameters)
{
    private const string OnLists = """
        r.recipient_id IN (SELECT l.recipient_id FROM list_recipients l WHERE l.tenant_id = @TenantId AND l.list_id = ANY (@listIds))
        """;

    private const string OnListsToo = """
        EXISTS (SELECT 1 FROM list_recipients l WHERE l.tenant_id = @TenantId AND l.recipient_id = r.recipient_id AND l.list_id = ANY (@listIds))
        """;

    private const string OnExcludedLists = """
        EXISTS (SELECT 1 FROM list_recipients x WHERE x.tenant_id = @TenantId AND x.recipient_id = r.recipient_id AND x.list_id = ANY (@excludeListIds))
        """;

    public static async Task<AudienceMembers> OfAsync(TenantTransaction transaction, Audience audience, Instant now)
    {
        var segments = (await SegmentStore.HoldAsync(transaction, [.. audience.SegmentIds, .. audience.ExcludeSegmentIds])).ToDictionary(s => s.SegmentId);
        var parameters = new Dictionary<string, object> { ["listIds"] = audience.ListIds, ["excludeListIds"] = audience.ExcludeListIds };
        // One alone becomes a join. Of several each is looked up by an index, person by person.
        List<string> included = audience switch
        {
            { SegmentIds: [] } => [OnLists],
            { ListIds: [] } => [.. audience.SegmentIds.Select(Condition)],
            _ => [OnListsToo, .. audience.SegmentIds.Select(Condition)],
        };
        var excluded = audience.ExcludeSegmentIds.Select(Condition).Prepend(OnExcludedLists).Select(condition => $" AND NOT {condition}");
        return new($"({string.Join(" OR ", included)}){string.Concat(excluded)}", parameters);

        string Condition(Guid segmentId)
        {
            var (sql, values) = SegmentSql.Of(segments[segmentId].Filter, $"s{parameters.Count}_", now);
            foreach (var (name, value) in values)
                parameters.Add(name, value);
            return sql;
        }
    }

    /// <summary>All parameters of a statement with the condition.</summary>
    public Dictionary<string, object> With(params ReadOnlySpan<(string Name, object Value)> others)
    {
        var all = new Dictionary<string, object>(Parameters);
        foreach (var (name, value) in others)
            all.Add(name, value);
        return all;
    }
}
