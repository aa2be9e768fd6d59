using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>
/// One at a time for a tenant writes many people: imports do so in the order of their addresses, others in another, and together they
/// could deadlock. Held until the end of the transaction.
/// </summary>
internal static class ImportTurn
{
    private const string Key = "hashtextextended('import ' || @tenant, 0)";

    /// <summary>Waits for it.</summary>
    public static Task TakeAsync(TenantTransaction transaction) =>
        transaction.ExecuteAsync($"SELECT pg_advisory_xact_lock({Key})", new { tenant = transaction.TenantId.ToString() });

    /// <summary>False where somebody else has it.</summary>
    public static Task<bool> TryTakeAsync(TenantTransaction transaction) =>
        transaction.QuerySingleAsync<bool>($"SELECT pg_try_advisory_xact_lock({Key})", new { tenant = transaction.TenantId.ToString() });
}
