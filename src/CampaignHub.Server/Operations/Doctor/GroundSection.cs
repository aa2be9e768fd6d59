using System.Globalization;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Migrations;

namespace CampaignHub.Server.Operations.Doctor;

/// <summary>The database itself: its clock beside this machine's, its schema, the key ring that it belongs to, and what fills it.</summary>
internal static class GroundSection
{
    private const double LargeSkew = 5;

    public static async Task<Section> ExamineAsync(Snapshot snapshot, TimeProvider time, KeyRingFile? ring)
    {
        var skew = await MeasureSkewAsync(snapshot, time);
        var tables = await snapshot.QueryAsync<(string Name, string Size, long Rows)>("""
            SELECT coalesce(parent.relname, c.relname), pg_size_pretty(sum(pg_total_relation_size(c.oid))), sum(greatest(c.reltuples, 0))::bigint
            FROM pg_class c
            LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
            LEFT JOIN pg_class parent ON parent.oid = i.inhparent
            WHERE c.relnamespace = 'campaignhub'::regnamespace AND c.relkind = 'r'
            GROUP BY 1 ORDER BY sum(pg_total_relation_size(c.oid)) DESC LIMIT 8
            """);
        var size = await snapshot.QuerySingleAsync<string>("SELECT pg_size_pretty(pg_database_size(current_database()))");
        return new Section("Database",
            $"PostgreSQL {await snapshot.QuerySingleAsync<string>("SELECT current_setting('server_version')")}, {size}; schema {SchemaMigrator.Known[^1]}, all {SchemaMigrator.Known.Count} migrations applied.",
            string.Create(CultureInfo.InvariantCulture, $"Its clock is {Math.Abs(skew):0.00} s {(skew < 0 ? "behind" : "ahead of")} this machine's."))
        {
            Columns = ["largest tables", ">size", ">rows, about"],
            Rows = [.. tables.Select(table => (string[])[table.Name, table.Size, Words.Number(table.Rows)])],
            Findings =
            [
                .. Math.Abs(skew) <= LargeSkew ? [] : (Finding[])[new(
                    $"This machine's clock and the database's are {Words.Length(Math.Abs(skew))} apart", "set both by NTP: what is due is decided by the nodes' clocks")],
                .. ring is null ? [] : await ExamineRingAsync(snapshot, ring),
            ],
        };
    }

    /// <summary>A service that runs has its ring in memory: that the file is lost shows at the next start only, unless it is looked for.</summary>
    private static async Task<IEnumerable<Finding>> ExamineRingAsync(Snapshot snapshot, KeyRingFile file)
    {
        var belongs = (await snapshot.QueryAsync<(string Fingerprint, string[] Keys)>("SELECT key_ring_fingerprint, ring_keys FROM installation"))
            .Select(row => new RingInUse(row.Fingerprint, row.Keys)).SingleOrDefault();
        return belongs?.WrongWith(file) is { } wrong ? [new Finding(wrong.What, wrong.Remedy + ", before the service is started again, which would refuse")] : [];
    }

    /// <summary>Seconds by which the database is ahead, to half of the time that the question took.</summary>
    private static async Task<double> MeasureSkewAsync(Snapshot snapshot, TimeProvider time)
    {
        var before = time.GetUtcNow();
        var there = new DateTimeOffset(await snapshot.QuerySingleAsync<DateTime>("SELECT clock_timestamp()"), TimeSpan.Zero);
        var after = time.GetUtcNow();
        return (there - before - (after - before) / 2).TotalSeconds;
    }
}
