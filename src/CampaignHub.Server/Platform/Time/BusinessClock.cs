using NodaTime;

namespace CampaignHub.Server.Platform.Time;

/// <summary>
/// Business time: real time moved by an offset, which grows when the clock is stepped forward. Never goes back.
/// Due instants, plans, events and quiet hours follow it; leases and timeouts never do.
/// </summary>
public sealed class BusinessClock : IClock
{
    private readonly IClock _real;
    private long _offsetTicks;
    private int _holds;

    public BusinessClock(IClock real, Instant? start)
    {
        _real = real;
        if (start is { } at)
            _offsetTicks = (at - real.GetCurrentInstant()).BclCompatibleTicks;
    }

    /// <summary>It was stepped forward: what is due may be due at once.</summary>
    public event Action? Stepped;

    /// <summary>While held (somebody reads their mail), the clock isn't stepped.</summary>
    public bool IsHeld => Volatile.Read(ref _holds) > 0;

    /// <summary>Now, to the microsecond: what PostgreSQL keeps, so that an instant reads back as it was written.</summary>
    public Instant GetCurrentInstant()
    {
        var ticks = _real.GetCurrentInstant().ToUnixTimeTicks() + Volatile.Read(ref _offsetTicks);
        return Instant.FromUnixTimeTicks(ticks - ticks % TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>Steps forward to an instant; one that has passed changes nothing.</summary>
    public void StepTo(Instant instant)
    {
        var ahead = instant - GetCurrentInstant();
        if (ahead <= Duration.Zero)
            return;
        Interlocked.Add(ref _offsetTicks, ahead.BclCompatibleTicks);
        Stepped?.Invoke();
    }

    /// <summary>Keeps the clock from being stepped until disposed.</summary>
    public IDisposable Hold()
    {
        Interlocked.Increment(ref _holds);
        return new Held(this);
    }

    private sealed class Held(BusinessClock clock) : IDisposable
    {
        private int released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref released, 1) == 0)
                Interlocked.Decrement(ref clock._holds);
        }
    }
}
