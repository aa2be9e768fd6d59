using CampaignHub.Core.Sending;
using CsCheck;
using NodaTime;

namespace CampaignHub.Core.Tests.Sending;

public sealed class RetryScheduleTests
{
    private static readonly Instant s_start = Instant.FromUtc(2026, 11, 27, 9, 0);
    private static readonly RetrySchedule s_schedule = RetrySchedule.Default;

    [Fact]
    public void Waits_grow_by_the_steps_with_up_to_a_fifth_more() =>
        Gen.Select(Gen.Guid, Gen.Int[1, 7]).Sample((id, attempt) =>
        {
            var wait = s_schedule.Next(id, attempt, s_start, s_start)!.Value - s_start;
            var step = s_schedule.Steps[attempt - 1];
            wait.ShouldBeInRange(step, step * 1.2);
            s_schedule.Next(id, attempt, s_start, s_start).ShouldBe(s_start + wait, "the same question has the same answer");
        });

    [Fact]
    public void A_retry_waits_until_mail_may_arrive_and_none_is_made_where_that_is_too_late()
    {
        var morning = s_start + Duration.FromHours(20);
        s_schedule.Next(Guid.Empty, 1, s_start, s_start, nextAllowed: at => at < morning ? morning : at).ShouldBe(morning);
        s_schedule.Next(Guid.Empty, 1, s_start, s_start, nextAllowed: _ => s_start + Duration.FromHours(73)).ShouldBeNull();
    }

    [Fact]
    public void Jitter_spreads_a_wave()
    {
        var waits = Enumerable.Range(0, 1000).Select(n => s_schedule.Next(new Guid(n, 0, 0, new byte[8]), 1, s_start, s_start)!.Value).ToList();
        waits.Distinct().Count().ShouldBeGreaterThan(990);
        (waits.Max() - waits.Min()).ShouldBeGreaterThan(Duration.FromMinutes(2.5));
    }

    [Fact]
    public void Retries_end_within_72_hours() => Gen.Guid.Sample(id =>
    {
        var (attempts, now) = (1, s_start);
        while (s_schedule.Next(id, attempts, s_start, now) is { } next)
        {
            next.ShouldBeLessThanOrEqualTo(s_start + Duration.FromHours(72));
            (attempts, now) = (attempts + 1, next);
        }
        attempts.ShouldBeInRange(7, 8);
    });

    [Fact]
    public void A_relays_fault_waits_minutes_and_ends_with_the_same_72_hours()
    {
        var id = Guid.CreateVersion7();
        (s_schedule.Next(id, 5, s_start, s_start, relayFault: true)!.Value - s_start).ShouldBeInRange(Duration.FromMinutes(5), Duration.FromMinutes(6));
        s_schedule.Next(id, 0, s_start, s_start + Duration.FromHours(72), relayFault: true).ShouldBeNull();
    }
}
