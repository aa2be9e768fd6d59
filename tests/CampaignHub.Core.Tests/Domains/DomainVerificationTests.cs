using CampaignHub.Core.Domains;
using NodaTime;

namespace CampaignHub.Core.Tests.Domains;

public sealed class DomainVerificationTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 27, 10, 0);
    private static readonly RecordVerdict Wrong = RecordVerdict.Wrong("gone");
    private static readonly RecordVerdict Unread = RecordVerdict.Unread("silence");
    private static readonly DomainVerification Verified = DomainVerification.New.After(RecordVerdict.Right, isScheduled: false, Now);

    [Fact]
    public void Records_that_are_right_verify_a_domain_and_it_remembers_since_when()
    {
        Verified.ShouldBe(new DomainVerification(Now, 0, null));
        Verified.After(RecordVerdict.Right, isScheduled: true, Now + Duration.FromDays(1)).VerifiedAt.ShouldBe(Now);
    }

    [Fact]
    public void Three_daily_reads_that_find_it_wrong_take_it_away_and_keep_the_reason()
    {
        var twice = Verified.After(Wrong, isScheduled: true, Now).After(Wrong, isScheduled: true, Now);
        twice.ShouldBe(new DomainVerification(Now, 2, "gone"));
        twice.After(Wrong, isScheduled: true, Now).ShouldBe(new DomainVerification(null, 3, "gone"));
    }

    [Fact]
    public void One_right_read_between_them_begins_the_count_again() =>
        Verified.After(Wrong, isScheduled: true, Now).After(Wrong, isScheduled: true, Now).After(RecordVerdict.Right, isScheduled: true, Now)
            .After(Wrong, isScheduled: true, Now).VerifiedAt.ShouldBe(Now);

    [Fact]
    public void A_read_by_hand_does_not_count_against_it() =>
        Enumerable.Range(0, 5).Aggregate(Verified, (state, _) => state.After(Wrong, isScheduled: false, Now)).ShouldBe(new DomainVerification(Now, 0, "gone"));

    [Fact]
    public void What_could_not_be_read_changes_nothing()
    {
        var once = Verified.After(Wrong, isScheduled: true, Now);
        Enumerable.Range(0, 5).Aggregate(once, (state, _) => state.After(Unread, isScheduled: true, Now)).ShouldBe(once);
        DomainVerification.New.After(Unread, isScheduled: true, Now).ShouldBe(DomainVerification.New);
    }

    [Fact]
    public void Of_two_records_the_wrong_one_decides_then_the_unread()
    {
        RecordVerdict.Right.And(Wrong).ShouldBe(Wrong);
        Unread.And(Wrong).ShouldBe(Wrong);
        Wrong.And(Unread).ShouldBe(Wrong);
        Unread.And(RecordVerdict.Right).ShouldBe(Unread);
        RecordVerdict.Right.And(Unread).ShouldBe(Unread);
        RecordVerdict.Right.And(RecordVerdict.Right).ShouldBe(RecordVerdict.Right);
    }
}
