using System.Diagnostics;
using CampaignHub.Server.Platform.Database;
using NodaTime;
using Npgsql;

namespace CampaignHub.Server.Events;

/// <summary>
/// Makes and drops the monthly partitions of events and hits. Both need their parent for themselves, and everybody waits behind
/// whoever waits for it: behind a reader that takes long, such as a backup, they give up at once and are tried again, seldom.
/// </summary>
internal sealed class MonthlyPartitions(Database database)
{
    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromSeconds(10);

    private long? _refusedAt;

    /// <summary>Those of an instant's month and the next two; false: not yet.</summary>
    public async Task<bool> TryEnsureAsync(Instant around, CancellationToken ct) =>
        await TryAsync("SELECT count(ensure_monthly_partitions(parent, @at))::int", around, ct) is not null;

    /// <summary>Drops those that ended by then; how many, or null: not yet.</summary>
    public Task<int?> TryDropAsync(Instant before, CancellationToken ct) =>
        TryAsync("SELECT sum(drop_monthly_partitions(parent, @at))::int", before, ct);

    /// <summary>Gives those that have some rows and no statistics yet theirs: PostgreSQL itself does so minutes later, and plans badly until then.</summary>
    public async Task AnalyzeNewAsync(CancellationToken ct)
    {
        try
        {
            await database.LookUpAsync<int>("SELECT analyze_new_partitions()", null, ct);
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // Somebody is about it already.
        }
    }

    private async Task<int?> TryAsync(string sql, Instant at, CancellationToken ct)
    {
        if (_refusedAt is { } refused && Stopwatch.GetElapsedTime(refused) < BeforeNextTry)
            return null;
        try
        {
            return (await database.LookUpAsync<int>($"{sql} FROM unnest(ARRAY['events', 'hits']) AS parent", new { at }, ct)).Single();
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            _refusedAt = Stopwatch.GetTimestamp();
            return null;
        }
    }
}
