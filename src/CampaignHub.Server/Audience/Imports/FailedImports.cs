using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>Ends imports that can't go on, and drops what they staged. Not to be cancelled: the caller may have gone.</summary>
internal sealed class FailedImports(Database database, IClock clock)
{
    public async Task EndAsync(Guid tenantId, Guid importId, ImportFailure failure)
    {
        await using var transaction = await database.BeginAsync(tenantId, CancellationToken.None);
        if (await ImportStore.FailAsync(transaction, importId, failure, clock.GetCurrentInstant()))
            await StagingTable.DropAsync(transaction, importId);
        await transaction.CommitAsync();
    }
}
