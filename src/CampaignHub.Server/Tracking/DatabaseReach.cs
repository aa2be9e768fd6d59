namespace CampaignHub.Server.Tracking;

/// <summary>Whether PostgreSQL takes hits, as the last attempt has shown: while it doesn't, nobody waits to find that out again.</summary>
internal sealed partial class DatabaseReach(ILogger<DatabaseReach> log)
{
    private int lost;

    public bool IsAway => Volatile.Read(ref lost) != 0;

    public void Lost(Exception fault)
    {
        if (Interlocked.Exchange(ref lost, 1) == 0)
            LogLost(fault);
    }

    public void Found()
    {
        if (Interlocked.Exchange(ref lost, 0) != 0)
            LogFound();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "PostgreSQL takes no hits: they go to the spool until it does")]
    private partial void LogLost(Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL takes hits again")]
    private partial void LogFound();
}
