using CampaignHub.Core;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>People of one zone who were moved from one instant to another after launch.</summary>
public sealed record PlanMoveView
{
    /// <summary>When they were moved; null in a preview.</summary>
    public Instant? MovedAt { get; init; }

    /// <summary><c>late</c> (the service was down, or the campaign paused), <c>time_zone_data</c>, <c>time_zone</c> (their own has changed) or <c>holidays</c> (those of their country have); null in a preview.</summary>
    public string? Reason { get; init; }

    /// <summary>Their IANA zone; the new one where it has changed.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>The instant that they had.</summary>
    public Instant DueBefore { get; init; }

    /// <summary>The instant that they have instead; null where they are skipped.</summary>
    public Instant? DueAfter { get; init; }

    /// <summary>How many they are.</summary>
    public long Recipients { get; init; }

    internal static IReadOnlyList<PlanMoveView> Of(IReadOnlyCollection<PlanMove> moves) =>
    [
        .. moves.GroupBy(m => (m.Before.TimeZone, m.Before.DueAt, DueAfter: m.IsMissed ? null : m.After.DueAt)).Select(g => new PlanMoveView
        {
            TimeZone = g.Key.TimeZone,
            DueBefore = g.Key.DueAt!.Value,
            DueAfter = g.Key.DueAfter,
            Recipients = g.Sum(m => m.Before.Recipients),
        }),
    ];
}

/// <summary>Writes and reads what was moved after launch; nothing else does.</summary>
internal static class PlanMoveStore
{
    public static Task InsertAsync(
        TenantTransaction transaction, Guid campaignId, IReadOnlyList<PlanMoveView> moves, PlanMoveReason reason, Instant now) =>
        transaction.ExecuteAsync("""
            INSERT INTO plan_moves (tenant_id, move_id, campaign_id, moved_at, reason, time_zone, due_before, due_after, recipients)
            SELECT @TenantId, move_id, @campaignId, @now, @reason, time_zone, due_before, due_after, recipients
            FROM unnest(@ids, @zones, @before::timestamptz[], @after::timestamptz[], @recipients)
                AS m (move_id, time_zone, due_before, due_after, recipients)
            """, new
        {
            transaction.TenantId,
            campaignId,
            now,
            reason = reason.Word(),
            ids = moves.Select(_ => Guid.CreateVersion7()).Order().ToArray(),
            zones = moves.Select(m => m.TimeZone).ToArray(),
            before = moves.Select(m => m.DueBefore).ToArray(),
            after = moves.Select(m => m.DueAfter).ToArray(),
            recipients = moves.Select(m => m.Recipients).ToArray(),
        });

    public static Task<IReadOnlyList<PlanMoveView>> ListAsync(TenantTransaction transaction, Guid campaignId) =>
        transaction.QueryAsync<PlanMoveView>("""
            SELECT moved_at, reason, time_zone, due_before, due_after, recipients
            FROM plan_moves WHERE tenant_id = @TenantId AND campaign_id = @campaignId ORDER BY move_id
            """, new { transaction.TenantId, campaignId });
}
