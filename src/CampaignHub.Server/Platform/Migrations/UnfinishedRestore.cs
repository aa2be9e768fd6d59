using Npgsql;

namespace CampaignHub.Server.Platform.Migrations;

/// <summary>
/// An empty schema that stands beside the others from before a restore until all of it is done. While it stands no service
/// starts on the database, however the restore ended: what was restored may not be paused yet.
/// </summary>
internal static class UnfinishedRestore
{
    public const string Schema = "campaignhub_restore";

    public static async Task<bool> IsMarkedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"SELECT to_regnamespace('{Schema}') IS NOT NULL", connection);
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
