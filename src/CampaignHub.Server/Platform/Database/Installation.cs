using CampaignHub.Core.Tenancy;
using Npgsql;

namespace CampaignHub.Server.Platform.Database;

/// <summary>Ties a database to its key ring: with another ring, tokens in sent mail and stored secrets would be lost.</summary>
internal static class Installation
{
    public static async Task CheckAsync(string connectionString, KeyRing ring, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("""
            WITH first AS (
                INSERT INTO campaignhub.installation (key_ring_fingerprint, created_at)
                VALUES ($1, clock_timestamp()) ON CONFLICT DO NOTHING RETURNING key_ring_fingerprint
            )
            SELECT key_ring_fingerprint FROM first UNION ALL SELECT key_ring_fingerprint FROM campaignhub.installation
            """);
        command.Parameters.AddWithValue(ring.Fingerprint);
        var known = (string)(await command.ExecuteScalarAsync(ct))!;
        if (known != ring.Fingerprint)
            throw new StartupException(
                $"This database belongs to the key ring {known}, but the key ring here is {ring.Fingerprint}: " +
                "put the right file in the data directory or name it in CampaignHub__KeyRing.");
    }
}
