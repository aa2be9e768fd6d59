using CampaignHub.Server.Platform.Outbound;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>
/// The connections of one relay: never more than its limit, kept for reuse, closed when idle. Each rental is one
/// message's turn; where the relay has a rate, renting waits for it. Both limits may change at any time.
/// </summary>
public sealed class SmtpPool : IAsyncDisposable
{
    /// <summary>A connection idle for so long is closed.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);

    private readonly OutboundGuard guard;
    private readonly SmtpTimeouts timeouts;
    private readonly TimeProvider time;
    private readonly ConnectionRoom room;
    private readonly Pace pace;
    private readonly ITimer sweep;
    private readonly Lock gate = new();
    private readonly Stack<(SmtpConnection Connection, long Since)> idle = new();
    private int limit;
    private int open;
    private bool disposed;

    /// <param name="settings">The relay.</param>
    /// <param name="guard">Checks where its host leads.</param>
    /// <param name="timeouts">By default RFC 5321's.</param>
    /// <param name="time">Real, monotonic time; by default the system's.</param>
    public SmtpPool(
        RelaySettings settings, OutboundGuard guard, SmtpTimeouts? timeouts = null, TimeProvider? time = null)
    {
        Settings = settings;
        this.guard = guard;
        this.timeouts = timeouts ?? new SmtpTimeouts();
        this.time = time ?? TimeProvider.System;
        limit = settings.MaxConnections;
        room = new ConnectionRoom(limit);
        pace = new Pace(settings.MaxPerSecond, this.time);
        sweep = this.time.CreateTimer(_ => CloseIdle(), null, IdleLimit / 3, IdleLimit / 3);
    }

    public RelaySettings Settings { get; }

    /// <summary>Connections kept open without work.</summary>
    public int IdleConnections
    {
        get
        {
            lock (gate)
                return idle.Count;
        }
    }

    /// <summary>Connections open now, rented or idle; not those that are saying goodbye.</summary>
    public int OpenConnections
    {
        get
        {
            lock (gate)
                return open;
        }
    }

    /// <summary>Sets other limits than the relay's own; what is rented beyond them ends when it comes back.</summary>
    /// <param name="connections">At once; 0: renting waits until there are more.</param>
    /// <param name="perSecond">Above 0; null: as fast as they go.</param>
    public void Limit(int connections, double? perSecond)
    {
        pace.Change(perSecond);
        room.Resize(connections);
        lock (gate)
            limit = connections;
        while (TakeSurplus() is { } surplus)
            _ = CloseAsync(surplus); // ends by itself within its own limit
    }

    /// <summary>
    /// Waits for a free connection and for the relay's pace, connecting when none is open. What the relay does wrong
    /// is in the rental. Dispose of the rental to give the connection back.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller's token.</exception>
    public async Task<SmtpRental> RentAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        await room.EnterAsync(cancellationToken);
        try
        {
            await pace.WaitAsync(cancellationToken);
            if (TakeIdle() is { } kept)
                return new SmtpRental(this, kept, null);
            var (connection, failure) = await SmtpConnection.OpenAsync(Settings, guard, timeouts, cancellationToken);
            if (connection is not null)
                lock (gate)
                    open++;
            return new SmtpRental(this, connection, failure);
        }
        catch
        {
            room.Leave();
            throw;
        }
    }

    /// <summary>Closes idle connections; those that are rented close when they come back.</summary>
    public async ValueTask DisposeAsync()
    {
        SmtpConnection[] kept;
        lock (gate)
        {
            disposed = true;
            kept = [.. idle.Select(entry => entry.Connection)];
            idle.Clear();
        }
        await sweep.DisposeAsync();
        await Task.WhenAll(kept.Select(CloseAsync));
    }

    internal async ValueTask ReturnAsync(SmtpConnection? connection)
    {
        try
        {
            if (connection is not null && !Keep(connection))
                await CloseAsync(connection);
        }
        finally
        {
            room.Leave();
        }
    }

    private bool Keep(SmtpConnection connection)
    {
        lock (gate)
        {
            if (disposed || open > limit || !connection.IsUsable)
                return false;
            idle.Push((connection, time.GetTimestamp()));
            return true;
        }
    }

    // The one used last comes first, so that those not needed grow old and are closed.
    private SmtpConnection? TakeIdle()
    {
        while (true)
        {
            SmtpConnection connection;
            lock (gate)
            {
                if (!idle.TryPop(out var entry))
                    return null;
                connection = entry.Connection;
            }
            if (connection.IsUsable)
                return connection;
            _ = CloseAsync(connection); // the relay has closed it meanwhile: nothing to wait for
        }
    }

    private SmtpConnection? TakeSurplus()
    {
        lock (gate)
            return open > limit && idle.TryPop(out var entry) ? entry.Connection : null;
    }

    private async Task CloseAsync(SmtpConnection connection)
    {
        lock (gate)
            open--;
        await connection.CloseAsync(CancellationToken.None);
    }

    private void CloseIdle()
    {
        (SmtpConnection Connection, long Since)[] entries;
        lock (gate)
        {
            entries = [.. idle];
            idle.Clear();
            foreach (var entry in entries.Reverse().Where(entry => !IsOld(entry.Since)))
                idle.Push(entry);
        }
        foreach (var entry in entries.Where(entry => IsOld(entry.Since)))
            _ = CloseAsync(entry.Connection); // ends by itself within its own limit
    }

    private bool IsOld(long since) => time.GetElapsedTime(since) >= IdleLimit;
}
