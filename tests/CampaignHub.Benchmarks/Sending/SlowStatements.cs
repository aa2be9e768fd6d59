namespace CampaignHub.Benchmarks.Sending;

/// <summary>The ten statements that PostgreSQL spent the most time on, by pg_stat_statements.</summary>
internal static class SlowStatements
{
    public const string Library = "pg_stat_statements";

    public static Task BeginAsync(Database database) =>
        database.ExecuteAsync("CREATE EXTENSION IF NOT EXISTS pg_stat_statements; SELECT pg_stat_statements_reset(); SELECT pg_stat_reset()");

    public static async Task PrintAsync(Database database)
    {
        var top = await database.ReadAsync("""
            SELECT total_exec_time, calls, rows, shared_blks_hit + shared_blks_read, wal_bytes::bigint, left(regexp_replace(query, '\s+', ' ', 'g'), 110)
            FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 10
            """);
        Console.WriteLine("      time     calls       rows      pages    WAL KB  statement");
        foreach (var row in top)
            Console.WriteLine($"{row[0],7:N0} ms {row[1],9:N0} {row[2],10:N0} {row[3],10:N0} {(long)row[4] / 1024,9:N0}  {row[5]}");
        var heapOnly = await database.ReadOneAsync<double>("SELECT coalesce(100.0 * sum(n_tup_hot_upd) / nullif(sum(n_tup_upd), 0), 0)::float8 FROM pg_stat_user_tables WHERE schemaname = 'campaignhub' AND relname = 'deliveries'");
        Console.WriteLine($"{heapOnly:0} % of the ledger's updates left its indexes alone");
    }
}
