using CampaignHub.Core.Campaigns;
using CampaignHub.Core.Scheduling;

namespace CampaignHub.Core.Tests;

public sealed class WireWordsTests
{
    [Fact]
    public void Words_are_those_of_the_contract()
    {
        WireWords.All<CampaignStatus>().ShouldBe(["draft", "planned", "scheduled", "sending", "paused", "finished", "cancelled"]);
        WireWords.All<Adjustment>().ShouldBe(["none", "gap", "overlap", "passed", "quiet_hours", "allowed_days"]);
        WireWords.All<Strategy>().ShouldBe(["now", "instant", "local_time", "best_time"]);
        WireWords.All<WhenPassed>().ShouldBe(["send_now", "next_day", "skip"]);
        WireWords.All<ZoneOutcome>().ShouldBe(["send", "missed"]);
    }

    [Fact]
    public void Each_word_is_read_back()
    {
        foreach (var adjustment in Enum.GetValues<Adjustment>())
            WireWords.Parse<Adjustment>(adjustment.Word()).ShouldBe(adjustment);
    }

    [Theory]
    [InlineData("Gap")]
    [InlineData("1")]
    [InlineData(" gap")]
    [InlineData("")]
    [InlineData("QuietHours")]
    public void Anything_but_the_exact_word_is_refused(string word) =>
        WireWords.Parse<Adjustment>(word).ShouldBeNull();
}
