using System.Threading.RateLimiting;
using CampaignHub.Server.Platform.Outbound;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>
/// The connections of one relay: never more than its limit, kept for reuse, closed when idle. Each rental is one
/// message's turn; where the relay has a rate, renting waits for it.
/// </summary>
public sealed class SmtpPool : IAsyncDisposable
{
    /// <summary>A connection idle for so long is closed.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);

    private readonly OutboundGuard guard;
    private readonly SmtpTimeouts timeouts;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim room;
    private readonly TokenBucketRateLimiter? pace;
    private readonly ITimer sweep;
    private readonly Lock gate = new();
    private readonly Stack<(SmtpConnection Connection, long Since)> idle = new();
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
        room = new SemaphoreSlim(settings.MaxConnections);
        pace = settings.MaxPerSecond is { } rate ? Pace(rate) : null;
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

    /// <summary>
    /// Waits for a free connection and for the relay's pace, connecting when none is open. What the relay does wrong
    /// is in the rental. Dispose of the rental to give the connection back.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller's token.</exception>
    public async Task<SmtpRental> RentAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        await room.WaitAsync(cancellationToken);
        try
        {
            if (pace is not null)
                using (await pace.AcquireAsync(1, cancellationToken)) { }
            if (TakeIdle() is { } kept)
                return new SmtpRental(this, kept, null);
            var (connection, failure) = await SmtpConnection.OpenAsync(Settings, guard, timeouts, cancellationToken);
            return new SmtpRental(this, connection, failure);
        }
        catch
        {
            room.Release();
            throw;
        }
    }

    /// <summary>Closes idle connections; those that are rented close when they come back.</summary>
    public async ValueTask DisposeAsync()
    {
        SmtpConnection[] open;
        lock (gate)
        {
            disposed = true;
            open = [.. idle.Select(entry => entry.Connection)];
            idle.Clear();
        }
        await sweep.DisposeAsync();
        await Task.WhenAll(open.Select(connection => connection.CloseAsync(CancellationToken.None)));
        pace?.Dispose();
    }

    internal async ValueTask ReturnAsync(SmtpConnection? connection)
    {
        try
        {
            if (connection is not null && !Keep(connection))
                await connection.CloseAsync(CancellationToken.None);
        }
        finally
        {
            room.Release();
        }
    }

    private bool Keep(SmtpConnection connection)
    {
        lock (gate)
        {
            if (disposed || !connection.IsUsable)
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
            connection.Dispose(); // the relay has closed it meanwhile
        }
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
            _ = entry.Connection.CloseAsync(CancellationToken.None); // ends by itself within its own limit
    }

    private bool IsOld(long since) => time.GetElapsedTime(since) >= IdleLimit;

    // The least burst that a timer of some milliseconds allows: more would break the very limit that the relay has set.
    private static TokenBucketRateLimiter Pace(double perSecond)
    {
        var tokens = Math.Max(1, (int)Math.Ceiling(perSecond / 50));
        return new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = tokens,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromSeconds(tokens / perSecond),
            QueueLimit = int.MaxValue,
            AutoReplenishment = true,
        });
    }
}
