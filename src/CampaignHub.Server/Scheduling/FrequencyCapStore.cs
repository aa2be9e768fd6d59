using CampaignHub.Core;
using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>Writes and reads a tenant's frequency cap; nothing else does.</summary>
internal static class FrequencyCapStore
{
    /// <summary>The tenant's cap; null where it has none.</summary>
    public static async Task<FrequencyCap?> FindAsync(TenantTransaction transaction) =>
        (await transaction.QueryAsync<(int Messages, long Seconds, string WhenCapped)>(
            "SELECT messages, per_seconds, when_capped FROM frequency_caps WHERE tenant_id = @TenantId", new { transaction.TenantId }))
        .Select(c => new FrequencyCap(c.Messages, Duration.FromSeconds(c.Seconds), WireWords.Parse<WhenCapped>(c.WhenCapped)!.Value)).SingleOrDefault();

    public static Task SetAsync(TenantTransaction transaction, FrequencyCap cap) => transaction.ExecuteAsync("""
        INSERT INTO frequency_caps (tenant_id, messages, per_seconds, when_capped) VALUES (@TenantId, @Messages, @seconds, @whenCapped)
        ON CONFLICT (tenant_id) DO UPDATE
        SET messages = excluded.messages, per_seconds = excluded.per_seconds, when_capped = excluded.when_capped
        """, new { transaction.TenantId, cap.Messages, seconds = (long)cap.Per.TotalSeconds, whenCapped = cap.WhenCapped.Word() });

    public static Task RemoveAsync(TenantTransaction transaction) =>
        transaction.ExecuteAsync("DELETE FROM frequency_caps WHERE tenant_id = @TenantId", new { transaction.TenantId });
}
