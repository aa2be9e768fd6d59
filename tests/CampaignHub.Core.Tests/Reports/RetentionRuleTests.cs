using CampaignHub.Core.Reports;
using NodaTime;

namespace CampaignHub.Core.Tests.Reports;

public sealed class RetentionRuleTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 27, 9, 30);

    [Fact]
    public void Nothing_goes_unless_somebody_says_so() => RetentionRule.Before(Now, null, null).ShouldBeNull();

    [Theory]
    [InlineData(1, null, "2026-10-01")]
    [InlineData(12, null, "2025-11-01")]
    [InlineData(null, 30, "2026-10-28")]
    [InlineData(1, 30, "2026-10-28")]
    [InlineData(1, 365, "2026-10-01")]
    public void The_operator_keeps_whole_months_and_a_tenant_days_and_the_shorter_time_counts(int? months, int? days, string first) =>
        RetentionRule.Before(Now, months, days).ShouldBe(NodaTime.Text.LocalDatePattern.Iso.Parse(first).Value.AtStartOfDayInZone(DateTimeZone.Utc).ToInstant());
}
