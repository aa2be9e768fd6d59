using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>
/// One at a time for a tenant writes many people: imports do so in the order of their addresses, others in another, and together they
/// could deadlock. Held until the end of the transaction.
/// </summary>
internal static class ImportTurn
{
    /// <summary>Waits for it.</summary>
    public static Task TakeAsync(TenantTransaction transaction) => transaction.TakeTurnAsync(Of(transaction));

    /// <summary>False where somebody else has it.</summary>
    public static Task<bool> TryTakeAsync(TenantTransaction transaction) => transaction.TryTakeTurnAsync(Of(transaction));

    private static string Of(TenantTransaction transaction) => $"import {transaction.TenantId}";
}
