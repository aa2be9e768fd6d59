using CampaignHub.Server.Platform.Time;
using NodaTime;
using NodaTime.Testing;

namespace CampaignHub.Server.Tests.Platform.Time;

public sealed class BusinessClockTests
{
    private static readonly Instant s_morning = Instant.FromUtc(2026, 11, 27, 8, 0);
    private static readonly Instant s_summer = Instant.FromUtc(2026, 7, 1, 8, 0);

    private readonly FakeClock _real = new(s_morning);

    [Fact]
    public void Without_a_start_it_is_the_real_time() =>
        new BusinessClock(_real, start: null).GetCurrentInstant().ShouldBe(s_morning);

    [Fact]
    public void It_runs_on_from_where_it_starts()
    {
        var clock = new BusinessClock(_real, s_summer);
        _real.AdvanceMinutes(5);
        clock.GetCurrentInstant().ShouldBe(s_summer + Duration.FromMinutes(5));
    }

    [Fact]
    public void It_steps_forward_and_never_back()
    {
        var clock = new BusinessClock(_real, start: null);
        clock.StepTo(s_morning + Duration.FromHours(2));
        clock.StepTo(s_morning + Duration.FromHours(1));
        clock.GetCurrentInstant().ShouldBe(s_morning + Duration.FromHours(2));
    }

    [Fact]
    public void Its_instants_read_back_from_PostgreSQL_as_they_were_written()
    {
        _real.AdvanceTicks(7);
        new BusinessClock(_real, start: null).GetCurrentInstant().ShouldBe(s_morning);
    }

    [Fact]
    public void It_is_held_until_the_last_reader_lets_go()
    {
        var clock = new BusinessClock(_real, start: null);
        var (first, second) = (clock.Hold(), clock.Hold());
        first.Dispose();
        first.Dispose();
        clock.IsHeld.ShouldBeTrue();
        second.Dispose();
        clock.IsHeld.ShouldBeFalse();
    }
}
