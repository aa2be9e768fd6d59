using CampaignHub.Server.Platform.Database;
using Dapper;

namespace CampaignHub.Server.Reports;

/// <summary>Reads what roll-ups are verified by.</summary>
internal static class RecountStore
{
    /// <summary>Begins to read every event that has been folded. All of them are wanted, so the planner needn't hurry to the first.</summary>
    public static async Task OpenAsync(TenantTransaction snapshot)
    {
        var through = await RollupStore.FoldedThroughAsync(snapshot);
        await snapshot.ExecuteAsync("SET LOCAL cursor_tuple_fraction = 1");
        await snapshot.ExecuteAsync(
            SqlFiles.Read("RecountedEvents"), new { snapshot.TenantId, through, hitTypes = Counters.Measures.Keys.ToArray() });
    }

    /// <summary>The next ones; none at the end. The first take as long as sorting them all does.</summary>
    public static async Task<IReadOnlyList<RecountedEvent>> FetchAsync(TenantTransaction snapshot, int count)
    {
        await using var rows = await snapshot.ReadAsync($"FETCH {count} FROM recounted");
        return rows.Parse<RecountedEvent>().AsList();
    }

    /// <summary>Campaigns that have any counter.</summary>
    public static Task<IReadOnlyList<Guid>> CampaignsAsync(TenantTransaction snapshot) => snapshot.QueryAsync<Guid>(
        "SELECT DISTINCT campaign_id FROM rollups WHERE tenant_id = @TenantId", new { snapshot.TenantId });

    /// <summary>How many first hits a campaign has by its marks, each once in each view, and how many of its links.</summary>
    public static Task<(long Hits, long Links)> CountMarksAsync(TenantTransaction snapshot, Guid campaignId) =>
        snapshot.QuerySingleAsync<(long, long)>(SqlFiles.Read("CountMarks"), new
        {
            snapshot.TenantId,
            campaignId,
            viewsOfClasses = Counters.Views.Select(v => v.View).ToArray(),
            classes = Counters.Views.Select(v => v.Class).ToArray(),
        });
}
