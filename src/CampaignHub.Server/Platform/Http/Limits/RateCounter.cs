using NodaTime;

namespace CampaignHub.Server.Platform.Http.Limits;

/// <summary>What one node has of a subject's allowance in the present window.</summary>
internal sealed class RateCounter(RateLimitPolicy policy)
{
    private readonly Lock _gate = new();
    private Instant _end = Instant.MinValue;
    private int _left;
    private int _granted;
    private int _untaken = policy.Limit;
    private bool _isUsedUp;
    private Task? _refill;

    public bool IsOver(Instant now)
    {
        lock (_gate)
            return _end <= now;
    }

    /// <summary>What a refusal says, where nothing is left in this window; else null.</summary>
    public Allowance? UsedUpAt(Instant now)
    {
        lock (_gate)
            return _isUsedUp && _end > now ? new Allowance(policy, 0, Seconds(now), IsRefused: true) : null;
    }

    /// <summary>What is left, without taking any.</summary>
    public Allowance LookAt(Instant now)
    {
        lock (_gate)
        {
            Begin(now);
            return new Allowance(policy, _left + _untaken, Seconds(now), IsRefused: false);
        }
    }

    /// <summary>False where a share has to be taken first.</summary>
    public bool TryTake(Instant now, out Allowance allowance)
    {
        lock (_gate)
        {
            Begin(now);
            var isRefused = _left == 0 && _isUsedUp;
            if (_left > 0)
                _left--;
            else if (!isRefused)
            {
                allowance = default;
                return false;
            }
            allowance = new Allowance(policy, _left + _untaken, Seconds(now), isRefused);
            return true;
        }
    }

    /// <summary>Takes a share, once for all who wait for it.</summary>
    public Task RefillAsync(Instant now, Func<Instant, Task<(int Granted, int TakenByAll)?>> take)
    {
        lock (_gate)
        {
            Begin(now);
            return _left > 0 || _isUsedUp ? Task.CompletedTask : _refill ??= RunAsync(_end, take);
        }
    }

    private async Task RunAsync(Instant end, Func<Instant, Task<(int Granted, int TakenByAll)?>> take)
    {
        await Task.Yield();
        try
        {
            var share = await take(end);
            lock (_gate)
            {
                if (_end != end)
                    return;
                // While nobody can be asked, this node has the whole limit to itself.
                var (granted, takenByAll) = share ?? (Math.Min(policy.Share, policy.Limit - _granted), Math.Min(_granted + policy.Share, policy.Limit));
                (_left, _granted, _untaken, _isUsedUp) = (_left + granted, _granted + granted, policy.Limit - takenByAll, granted <= 0);
            }
        }
        finally
        {
            lock (_gate)
                _refill = null;
        }
    }

    private void Begin(Instant now)
    {
        if (_end <= now)
            (_end, _left, _granted, _untaken, _isUsedUp) = (policy.EndOfWindow(now), 0, 0, policy.Limit, false);
    }

    private int Seconds(Instant now) => (int)Math.Ceiling((_end - now).TotalSeconds);
}
