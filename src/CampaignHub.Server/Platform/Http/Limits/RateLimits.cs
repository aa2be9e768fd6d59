using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using CampaignHub.Core.Tenancy;
using NodaTime;
using Npgsql;

namespace CampaignHub.Server.Platform.Http.Limits;

/// <summary>
/// Limits that hold over all nodes. A node takes a share of a limit from PostgreSQL at a time, and then asks nobody until that is used
/// up: together they never let more through than the limit, and at most a share a node less. Without PostgreSQL each counts for
/// itself. The limiters of <c>System.Threading.RateLimiting</c> know one process alone.
/// </summary>
internal sealed class RateLimits(Database.Database database, KeyRing ring, Settings settings, RateLimitMetrics metrics, IClock clock)
{
    /// <summary>Beyond about so many subjects, those whose windows are over are forgotten, then those that have something left: they take new shares.</summary>
    private const int MostSubjects = 100_000;

    private readonly ConcurrentDictionary<(RateLimitPolicy Policy, string Subject), RateCounter> _counters = new();
    private int _subjects;
    private readonly byte[] _key = ring.Derive(Guid.Empty, KeyPurpose.RateLimits, KeyRing.SecretBytes);

    /// <summary>Calls with one API key.</summary>
    public RateLimitPolicy Keys { get; } = new("key", settings.Limits.CallsPerKeyAndMinute, Duration.FromMinutes(1));

    /// <summary>Pages for people, by the network that asks.</summary>
    public RateLimitPolicy Pages { get; } = new("pages", settings.Limits.PagesPerNetworkAndMinute, Duration.FromMinutes(1));

    /// <summary>What shops and providers post, by the network that posts it.</summary>
    public RateLimitPolicy Hooks { get; } = new("hooks", settings.Limits.HooksPerNetworkAndMinute, Duration.FromMinutes(1));

    /// <summary>Keys, and apart from them signatures, that were wrong, by the network that sent them.</summary>
    public RateLimitPolicy Failures { get; } = new("failures", settings.Limits.FailuresPerNetworkAndHour, Duration.FromHours(1));

    /// <summary>The network that a request comes from: an IPv4 address, or the first 64 bits of an IPv6 one, of which a whole household has as many as it likes.</summary>
    public static string NetworkOf(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => "",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } address => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        { IsIPv4MappedToIPv6: true } address => address.MapToIPv4().ToString(),
        var address => address.ToString(),
    };

    /// <summary>Takes one, and says in the answer what is left.</summary>
    /// <exception cref="ProblemException">429: nothing is left until the window ends.</exception>
    public async Task TakeAsync(HttpContext context, RateLimitPolicy policy, string subject)
    {
        if (policy.Limit == 0)
            return;
        var allowance = await TakeAsync(policy, subject, context.RequestAborted);
        Tell(context, allowance);
        if (allowance.IsRefused)
            throw Refusal(policy, allowance);
    }

    /// <summary>Refuses a network that has sent too many wrong keys, before another one of its is looked up.</summary>
    /// <exception cref="ProblemException">429: it has.</exception>
    public void RefuseIfFailing(HttpContext context)
    {
        if (Failures.Limit > 0 && _counters.TryGetValue((Failures, NetworkOf(context)), out var counter) && counter.UsedUpAt(clock.GetCurrentInstant()) is { } allowance)
        {
            Tell(context, allowance);
            throw Refusal(Failures, allowance);
        }
    }

    /// <summary>Says in the answer how often the network may still send a wrong key. To send none is no failure.</summary>
    public void TellFailures(HttpContext context)
    {
        if (Failures.Limit > 0)
            Tell(context, (_counters.GetValueOrDefault((Failures, NetworkOf(context))) ?? new RateCounter(Failures)).LookAt(clock.GetCurrentInstant()));
    }

    /// <summary>Notes that a network sent a wrong key. That this one is answered as what it is, a failure, is the caller's affair.</summary>
    public async Task NoteFailureAsync(HttpContext context)
    {
        if (Failures.Limit > 0)
            Tell(context, await TakeAsync(Failures, NetworkOf(context), context.RequestAborted));
    }

    /// <summary>
    /// Notes that a network posted something that isn't signed. They are counted apart from keys and refused only once they have proved wrong:
    /// whoever shares a network with a shop must not be able to shut it out.
    /// </summary>
    /// <exception cref="ProblemException">429: there were too many.</exception>
    public async Task NoteWrongSignatureAsync(HttpContext context)
    {
        if (Failures.Limit == 0)
            return;
        var allowance = await TakeAsync(Failures, $"hook {NetworkOf(context)}", context.RequestAborted);
        Tell(context, allowance);
        if (allowance.IsRefused)
            throw Refusal(Failures, allowance);
    }

    /// <summary>Takes one of a subject's allowance.</summary>
    public async Task<Allowance> TakeAsync(RateLimitPolicy policy, string subject, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        if (Volatile.Read(ref _subjects) > MostSubjects)
            Forget(now);
        var counter = _counters.GetOrAdd((policy, subject), _ =>
        {
            Interlocked.Increment(ref _subjects);
            return new RateCounter(policy);
        });
        while (true)
        {
            if (counter.TryTake(now, out var allowance))
                return allowance;
            // Whoever waits for it may leave; the share is taken for all.
            await counter.RefillAsync(now, end => TakeShareAsync(policy, subject, end)).WaitAsync(ct);
        }
    }

    /// <summary>How much of a share is granted, all, some, or none; null where PostgreSQL is away.</summary>
    private async Task<(int Granted, int TakenByAll)?> TakeShareAsync(RateLimitPolicy policy, string subject, Instant end)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
            await using var command = new NpgsqlCommand(TakeShare, connection)
            {
                Parameters =
                {
                    new("subject", HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{policy.Name} {subject}"))[..16]),
                    new("end", end),
                    new("share", policy.Share),
                    new("limit", policy.Limit),
                },
            };
            return await command.ExecuteScalarAsync(CancellationToken.None) is int taken ? (policy.Share - Math.Max(0, taken - policy.Limit), Math.Min(taken, policy.Limit)) : (0, policy.Limit);
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException or SocketException)
        {
            return null;
        }
    }

    /// <summary>At the very start of the answer, since a problem clears what was set before.</summary>
    private static void Tell(HttpContext context, Allowance allowance) => context.Response.OnStarting(() =>
    {
        allowance.AddTo(context.Response.Headers);
        return Task.CompletedTask;
    });

    private void Forget(Instant now)
    {
        foreach (var (subject, counter) in _counters)
            if (counter.IsOver(now))
                _counters.TryRemove(subject, out _);
        foreach (var (subject, counter) in _counters.Count > MostSubjects ? _counters : [])
            if (counter.UsedUpAt(now) is null)
                _counters.TryRemove(subject, out _);
        if (_counters.Count > MostSubjects)
            _counters.Clear();
        Volatile.Write(ref _subjects, _counters.Count);
    }

    private ProblemException Refusal(RateLimitPolicy policy, Allowance allowance)
    {
        metrics.Refused(policy);
        return new(Problems.TooManyRequests(policy.Name, policy.Limit, allowance.SecondsLeft));
    }

    private const string TakeShare = """
        INSERT INTO rate_windows AS w (subject, ends_at, taken) VALUES (@subject, @end, least(@share, @limit))
        ON CONFLICT (subject, ends_at) DO UPDATE SET taken = w.taken + @share WHERE w.taken < @limit
        RETURNING taken
        """;
}
