using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Scheduling.BestHours;

/// <summary>Learns once more, from the beginning of every tenant's log, when people read. Beside a running service, too.</summary>
internal static class Relearning
{
    /// <returns>How many people something is known of.</returns>
    public static async Task<long> RunAsync(string connectionString, CancellationToken ct)
    {
        await using var database = new Database(connectionString);
        long people = 0;
        foreach (var tenantId in await database.LookUpAsync<Guid>("SELECT tenant_page(NULL, 2147483647)", null, ct))
        {
            await using var transaction = await database.BeginAsync(tenantId, ct);
            await ReadingHabitStore.ForgetAsync(transaction);
            while (await ReadingHabitStore.FoldAsync(transaction))
                ct.ThrowIfCancellationRequested();
            people += await transaction.QuerySingleAsync<long>("SELECT count(*) FROM reading_habits WHERE tenant_id = @TenantId", new { transaction.TenantId });
            await transaction.CommitAsync();
        }
        return people;
    }
}
