using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Audience.Segments;

/// <summary>Writes and reads segments; nothing else does.</summary>
internal static class SegmentStore
{
    private const string Columns = "segment_id, name, filter AS filter_json, created_at, updated_at";

    public static Task InsertAsync(TenantTransaction transaction, Segment segment) => transaction.ExecuteAsync("""
        INSERT INTO segments (tenant_id, segment_id, name, filter, created_at, updated_at)
        VALUES (@TenantId, @SegmentId, @Name, @FilterJson::jsonb, @CreatedAt, @UpdatedAt)
        """, new { transaction.TenantId, segment.SegmentId, segment.Name, segment.FilterJson, segment.CreatedAt, segment.UpdatedAt });

    public static Task UpdateAsync(TenantTransaction transaction, Segment segment) => transaction.ExecuteAsync("""
        UPDATE segments SET name = @Name, filter = @FilterJson::jsonb, updated_at = @UpdatedAt
        WHERE tenant_id = @TenantId AND segment_id = @SegmentId
        """, new { transaction.TenantId, segment.SegmentId, segment.Name, segment.FilterJson, segment.UpdatedAt });

    public static Task<Segment?> FindAsync(TenantTransaction transaction, Guid segmentId) => transaction.QueryFirstOrDefaultAsync<Segment>(
        $"SELECT {Columns} FROM segments WHERE tenant_id = @TenantId AND segment_id = @segmentId", new { transaction.TenantId, segmentId });

    /// <summary>Finds it and keeps others from changing, removing or naming it until the commit.</summary>
    public static Task<Segment?> LockAsync(TenantTransaction transaction, Guid segmentId) => transaction.QueryFirstOrDefaultAsync<Segment>(
        $"SELECT {Columns} FROM segments WHERE tenant_id = @TenantId AND segment_id = @segmentId FOR UPDATE", new { transaction.TenantId, segmentId });

    /// <summary>Those of these ids that there are; they can't be removed before the commit.</summary>
    public static async Task<IReadOnlyList<Segment>> HoldAsync(TenantTransaction transaction, Guid[] segmentIds) => segmentIds.Length == 0
        ? []
        : await transaction.QueryAsync<Segment>($"""
            SELECT {Columns} FROM segments WHERE tenant_id = @TenantId AND segment_id = ANY (@segmentIds) ORDER BY segment_id FOR KEY SHARE
            """, new { transaction.TenantId, segmentIds });

    public static Task<IReadOnlyList<Segment>> ListAsync(TenantTransaction transaction, Guid? after, int limit) => transaction.QueryAsync<Segment>($"""
        SELECT {Columns} FROM segments WHERE tenant_id = @TenantId AND (@after::uuid IS NULL OR segment_id > @after) ORDER BY segment_id LIMIT @limit
        """, new { transaction.TenantId, after, limit });

    public static Task DeleteAsync(TenantTransaction transaction, Guid segmentId) => transaction.ExecuteAsync(
        "DELETE FROM segments WHERE tenant_id = @TenantId AND segment_id = @segmentId", new { transaction.TenantId, segmentId });
}
