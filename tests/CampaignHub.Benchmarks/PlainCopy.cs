using System.Diagnostics;
using Npgsql;

namespace CampaignHub.Benchmarks;

/// <summary>
/// What PostgreSQL alone needs for the same recipients: their finished columns, ready in a file in its own binary
/// format, by one COPY into an empty table with the same key and two unique indexes. No parsing, no hashing, no tenant.
/// </summary>
internal static class PlainCopy
{
    private const string Columns = """
        tenant_id, recipient_id, email, email_key, mail_domain, address_hash, first_name, last_name, locale, country, region, phone,
        time_zone, time_zone_source, attributes, consent_status, consent_source, consent_at, created_at, updated_at
        """;

    /// <summary>Rows a second.</summary>
    public static async Task<double> RunAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync();
        var file = Path.GetTempFileName();
        await ExportAsync(connection, file);
        await ExecuteAsync(connection, "DROP TABLE IF EXISTS plain; CREATE TABLE plain (LIKE campaignhub.recipients INCLUDING DEFAULTS)");
        await ExecuteAsync(connection, "ALTER TABLE plain ADD PRIMARY KEY (tenant_id, recipient_id), ADD UNIQUE (tenant_id, email_key), ADD UNIQUE (tenant_id, address_hash)");
        var watch = Stopwatch.StartNew();
        await using (var from = File.OpenRead(file))
        await using (var copy = await connection.BeginRawBinaryCopyAsync($"COPY plain ({Columns}) FROM STDIN (FORMAT BINARY)"))
            await from.CopyToAsync(copy, 64 * 1024);
        var seconds = watch.Elapsed.TotalSeconds;
        await using var command = new NpgsqlCommand("SELECT count(*) FROM plain", connection);
        var rows = (long)(await command.ExecuteScalarAsync())!;
        await ExecuteAsync(connection, "DROP TABLE plain");
        File.Delete(file);
        return rows / seconds;
    }

    private static async Task ExportAsync(NpgsqlConnection connection, string file)
    {
        await using var to = File.Create(file);
        await using var copy = await connection.BeginRawBinaryCopyAsync($"COPY (SELECT {Columns} FROM campaignhub.recipients) TO STDOUT (FORMAT BINARY)");
        await copy.CopyToAsync(to);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
