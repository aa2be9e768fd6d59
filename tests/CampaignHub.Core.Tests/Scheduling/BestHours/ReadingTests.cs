using CampaignHub.Core.Scheduling.BestHours;
using CsCheck;
using NodaTime;
using static CampaignHub.Core.Tests.Scheduling.Times;

namespace CampaignHub.Core.Tests.Scheduling.BestHours;

public sealed class ReadingTests
{
    internal static readonly Gen<Reading> Any = Gen.Select(Gen.Int[0, 73_000], Gen.Int[0, 23], Gen.Int[-1, 23], Gen.Bool, (day, hour, delay, clicked) =>
        new Reading(day, hour, delay < 0 ? null : delay, delay >= 0 && clicked));

    [Fact]
    public void A_code_says_all_of_it() => Any.Sample(reading => Reading.FromCode(reading.Code) == reading);

    [Fact]
    public void What_came_in_a_later_hour_has_the_greater_code() => Gen.Select(Any, Any).Sample((a, b) =>
        (a.Day, a.Hour) == (b.Day, b.Hour) || (a.Code < b.Code) == ((a.Day, a.Hour).CompareTo((b.Day, b.Hour)) < 0));

    [Theory]
    [InlineData("2026-11-27T10:20:00Z", 0)]
    [InlineData("2026-11-27T19:05:00Z", 9)]
    [InlineData("2026-11-28T09:59:59Z", 23)]
    [InlineData("2026-11-28T10:00:00Z", null)]
    [InlineData("2026-11-27T09:59:59Z", 0)] // a clock that was set back
    public void A_reading_counts_within_a_day(string readAt, int? delay)
    {
        var reading = Reading.Of(Utc("2026-11-27T10:00:00Z"), Utc(readAt), clicked: true, Zone("Asia/Tokyo"));
        reading.ShouldBe(new Reading(HourEvidence.DayNumber(new LocalDate(2026, 11, 27)), 19, delay, delay is not null));
    }

    [Fact]
    public void A_message_that_was_only_accepted_is_unread() =>
        Reading.Of(Utc("2026-11-27T20:00:00Z"), null, clicked: false, Zone("Asia/Tokyo"))
            .ShouldBe(new Reading(HourEvidence.DayNumber(new LocalDate(2026, 11, 28)), 5, null, false));

    [Fact]
    public void Saturdays_and_Sundays_are_weekends() =>
        Enumerable.Range(0, 7).Where(day => HourEvidence.IsWeekend(HourEvidence.DayNumber(new LocalDate(2026, 11, 23)) + day)).ShouldBe([5, 6]);

    [Fact]
    public void The_grounds_of_an_hour_are_kept_in_one_number() =>
        Gen.Select(Gen.Int[0, 23], Gen.Int[-1, 23], Gen.Int[-1, 23], Gen.Int[0, 100]).Sample((first, second, third, own) =>
        {
            var grounds = new HourGrounds(first, second < 0 ? null : second, third < 0 ? null : third, own);
            return HourGrounds.FromCode(grounds.Code) == grounds;
        });
}
