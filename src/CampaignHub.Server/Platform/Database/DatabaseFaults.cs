using Npgsql;

namespace CampaignHub.Server.Platform.Database;

/// <summary>Tells faults that pass by themselves from those that a repetition only repeats.</summary>
internal static class DatabaseFaults
{
    /// <summary>SQLSTATE classes of what is wrong with a statement or its data; Npgsql's IsTransient misses a server that is stopped.</summary>
    private static readonly string[] Lasting = ["0A", "21", "22", "23", "42"];

    /// <summary>The database is away, restarting, full or busy: the same work may go through later.</summary>
    public static bool IsPassing(this Exception fault) => fault switch
    {
        PostgresException refused => !Lasting.Contains(refused.SqlState[..2]),
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>One of the values can't be stored (SQLSTATE classes 22 and 23): the others can.</summary>
    public static bool IsOfData(this PostgresException fault) => fault.SqlState[..2] is "22" or "23";
}
