using System.Diagnostics;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Relays.Smtp;

namespace CampaignHub.Server.Tests.Relays.Smtp;

public sealed class SmtpPoolTests : IAsyncLifetime
{
    private readonly SmtpSink sink = SmtpSink.Start(Relay.Options);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await sink.DisposeAsync();

    [Fact]
    public async Task Connections_are_bounded_and_reused()
    {
        await using var pool = new SmtpPool(Relay.At(sink) with { MaxConnections = 3 }, Relay.Guard);

        var results = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => SendAsync(pool, $"p{i}@example.com")));

        results.ShouldAllBe(result => result.Accepted);
        sink.MessageCount.ShouldBe(60);
        sink.Connections.ShouldBeInRange(1, 3);
    }

    [Fact]
    public async Task A_connection_is_closed_after_its_messages()
    {
        await using var pool = new SmtpPool(Relay.At(sink) with { MaxConnections = 1, MaxMessagesPerConnection = 2 }, Relay.Guard);
        for (var i = 0; i < 5; i++)
            (await SendAsync(pool, "ann@example.com")).Accepted.ShouldBeTrue();

        sink.Connections.ShouldBe(3);
        sink.CommandCount("QUIT").ShouldBe(2);
    }

    [Fact]
    public async Task A_connection_that_the_relay_closed_meanwhile_is_replaced_unseen()
    {
        sink.Behaviour.OnMessage = _ => new SinkReply(250, "kept, bye") { Drop = SinkDrop.Answered };
        await using var pool = new SmtpPool(Relay.At(sink) with { MaxConnections = 1 }, Relay.Guard);

        for (var i = 0; i < 3; i++)
        {
            (await SendAsync(pool, "ann@example.com")).Accepted.ShouldBeTrue();
            await UntilAsync(() => sink.OpenConnections == 0);
        }
        sink.Connections.ShouldBe(3);
    }

    [Fact]
    public async Task Failing_to_connect_is_in_the_rental_and_frees_its_place()
    {
        sink.Behaviour.OnConnect = n => n < 3 ? SinkReply.Of(421, "4.3.2 busy") : null;
        await using var pool = new SmtpPool(Relay.At(sink) with { MaxConnections = 1 }, Relay.Guard);

        (await SendAsync(pool, "ann@example.com")).ShouldBeReply(SmtpPhase.Banner, 421, "4.3.2", "4.3.2 busy");
        (await SendAsync(pool, "ann@example.com")).Code.ShouldBe(421);
        (await SendAsync(pool, "ann@example.com")).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task The_relays_pace_is_kept()
    {
        await using var pool = new SmtpPool(Relay.At(sink) with { MaxConnections = 4, MaxPerSecond = 50 }, Relay.Guard);
        var watch = Stopwatch.StartNew();

        await Task.WhenAll(Enumerable.Range(0, 21).Select(i => SendAsync(pool, $"p{i}@example.com")));

        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(380)); // 20 steps of 20 ms, less the timer's grain
    }

    [Fact]
    public async Task Idle_connections_are_closed()
    {
        var time = new HandTurnedTime();
        await using var pool = new SmtpPool(Relay.At(sink), Relay.Guard, time: time);
        await SendAsync(pool, "ann@example.com");
        pool.IdleConnections.ShouldBe(1);

        time.Advance(SmtpPool.IdleLimit / 2);
        pool.IdleConnections.ShouldBe(1);
        time.Advance(SmtpPool.IdleLimit / 2);

        pool.IdleConnections.ShouldBe(0);
        await UntilAsync(() => sink.OpenConnections == 0);
    }

    [Fact]
    public async Task Disposing_says_goodbye()
    {
        var pool = new SmtpPool(Relay.At(sink), Relay.Guard);
        await SendAsync(pool, "ann@example.com");
        await pool.DisposeAsync();

        sink.CommandCount("QUIT").ShouldBe(1);
    }

    [Fact]
    public async Task Renting_waits_while_the_limit_is_zero()
    {
        await using var pool = new SmtpPool(Relay.At(sink), Relay.Guard);
        pool.Limit(0, null);
        var sending = Task.WhenAll(Enumerable.Range(0, 5).Select(i => SendAsync(pool, $"p{i}@example.com")));
        sending.IsCompleted.ShouldBeFalse();
        sink.Connections.ShouldBe(0);

        pool.Limit(1, null);

        (await sending).ShouldAllBe(result => result.Accepted);
        (sink.Connections, pool.OpenConnections).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_lower_limit_closes_what_is_idle_and_what_comes_back()
    {
        await using var pool = new SmtpPool(Relay.At(sink) with { MaxConnections = 4 }, Relay.Guard);
        var rentals = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => pool.RentAsync(CancellationToken.None)));
        pool.OpenConnections.ShouldBe(4);
        await rentals[0].DisposeAsync();
        await rentals[1].DisposeAsync();

        pool.Limit(1, null);
        await UntilAsync(() => pool.OpenConnections == 2);
        await rentals[2].DisposeAsync();
        pool.OpenConnections.ShouldBe(1);
        await rentals[3].DisposeAsync();

        (pool.OpenConnections, pool.IdleConnections).ShouldBe((1, 1));
        (await SendAsync(pool, "ann@example.com")).Accepted.ShouldBeTrue();
        sink.Connections.ShouldBe(4);
    }

    [Fact]
    public async Task Another_pace_holds_from_the_next_message_on()
    {
        await using var pool = new SmtpPool(Relay.At(sink) with { MaxConnections = 1, MaxPerSecond = 0.01 }, Relay.Guard);
        (await SendAsync(pool, "ann@example.com")).Accepted.ShouldBeTrue();

        pool.Limit(1, 100);

        (await SendAsync(pool, "ann@example.com")).Accepted.ShouldBeTrue(); // at the old pace in a hundred seconds
    }

    private static async Task<SmtpResult> SendAsync(SmtpPool pool, string to)
    {
        await using var rental = await pool.RentAsync(CancellationToken.None);
        return await rental.SendAsync(Relay.Mail, "shop@example.com", to, SendingLeave.Always, CancellationToken.None);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
            await Task.Yield();
        }
    }

    /// <summary>Monotonic time that stands still until a test moves it; timers fire on the way.</summary>
    private sealed class HandTurnedTime : TimeProvider
    {
        private readonly List<TimerCallback> timers = [];
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public void Advance(TimeSpan by)
        {
            ticks += by.Ticks;
            timers.ForEach(timer => timer(null));
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            timers.Add(callback);
            return new Timer(_ => { }, null, Timeout.Infinite, Timeout.Infinite);
        }
    }
}
