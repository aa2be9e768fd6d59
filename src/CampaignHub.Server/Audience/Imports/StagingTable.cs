using CampaignHub.Server.Platform.Database;
using Dapper;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>
/// Where an import's rows wait for their merge: one table an import, outside row-level security, because COPY can't
/// write under it. Made in the transaction that makes the import, dropped in the one that ends it.
/// </summary>
internal static class StagingTable
{
    private const string Schema = "campaignhub_staging";

    /// <summary>The name in full. An id has only hex digits: nothing of a caller's text ever gets into it.</summary>
    public static string Name(Guid importId) => $"{Schema}.import_{importId:N}";

    public static Task CreateAsync(TenantTransaction transaction, Guid importId) => transaction.ExecuteAsync($"""
        CREATE TABLE {Name(importId)} (
            row_no bigint PRIMARY KEY,
            superseded boolean NOT NULL DEFAULT false,   -- a later row has the same address
            recipient_id uuid NOT NULL,
            email text NOT NULL,
            email_key text NOT NULL,
            mail_domain text NOT NULL,
            address_hash bytea NOT NULL,
            first_name text,
            last_name text,
            locale text,
            country text,
            region text,
            phone text,
            phone_country text,                          -- what the phone says, where it is asked
            phone_zone text,
            time_zone text,
            attributes jsonb NOT NULL,
            cleared text[],
            consent_statement text NOT NULL,
            consent_source text NOT NULL,
            consent_at timestamptz
        ) WITH (autovacuum_enabled = false)
        """);

    /// <summary>Sends the rows; none of them stays where it fails.</summary>
    public static async Task CopyAsync(Database database, Guid importId, BinaryRows rows, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var copy = await connection.BeginRawBinaryCopyAsync($"COPY {Name(importId)} ({StagedRow.Columns}) FROM STDIN (FORMAT BINARY)", ct);
        try
        {
            await copy.WriteAsync(rows.End(), ct);
        }
        catch
        {
            await copy.CancelAsync(); // disposing alone would complete it
            throw;
        }
    }

    /// <summary>
    /// Marks every row that a later one of the same address follows, over the whole file at once. Takes as long as the
    /// file is large, so no timeout.
    /// </summary>
    /// <returns>How many were marked.</returns>
    public static async Task<int> MarkSupersededAsync(TenantTransaction transaction, Guid importId)
    {
        await transaction.ExecuteAsync("SET LOCAL work_mem = '64MB'");
        var marked = await transaction.Connection.ExecuteAsync(new CommandDefinition($"""
            UPDATE {Name(importId)} AS s SET superseded = true
            FROM (SELECT address_hash, max(row_no) AS last FROM {Name(importId)} GROUP BY address_hash HAVING count(*) > 1) AS repeated
            WHERE s.address_hash = repeated.address_hash AND s.row_no < repeated.last
            """, commandTimeout: 0, cancellationToken: transaction.Cancellation));
        // Autovacuum doesn't look at the table: the merge's plans need its size and the spread of its rows.
        await transaction.ExecuteAsync($"ANALYZE {Name(importId)} (row_no)");
        return marked;
    }

    public static Task DropAsync(TenantTransaction transaction, Guid importId) =>
        transaction.ExecuteAsync($"DROP TABLE IF EXISTS {Name(importId)}");

    /// <summary>Drops tables whose import is gone.</summary>
    public static async Task DropOrphansAsync(Database database, CancellationToken ct)
    {
        foreach (var table in await database.LookUpAsync<string>("SELECT orphaned_staging_tables()", null, ct))
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await connection.ExecuteAsync(new CommandDefinition($"DROP TABLE IF EXISTS {Schema}.\"{table.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", cancellationToken: ct));
        }
    }
}
