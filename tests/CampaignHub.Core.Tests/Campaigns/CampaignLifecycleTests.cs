using CampaignHub.Core.Campaigns;
using static CampaignHub.Core.Campaigns.CampaignAction;
using static CampaignHub.Core.Campaigns.CampaignStatus;

namespace CampaignHub.Core.Tests.Campaigns;

public sealed class CampaignLifecycleTests
{
    [Theory]
    [InlineData(Draft, Edit, Draft)]
    [InlineData(Planned, Edit, Draft)]
    [InlineData(Draft, Plan, Planned)]
    [InlineData(Planned, Plan, Planned)]
    [InlineData(Planned, Unplan, Draft)]
    [InlineData(Draft, Launch, Scheduled)]
    [InlineData(Planned, Launch, Scheduled)]
    [InlineData(Scheduled, Start, CampaignStatus.Sending)]
    [InlineData(CampaignStatus.Sending, Start, CampaignStatus.Sending)]
    [InlineData(Scheduled, Pause, Paused)]
    [InlineData(CampaignStatus.Sending, Pause, Paused)]
    [InlineData(Paused, Resume, Scheduled)]
    [InlineData(Planned, Cancel, Cancelled)]
    [InlineData(Scheduled, Cancel, Cancelled)]
    [InlineData(CampaignStatus.Sending, Cancel, Cancelled)]
    [InlineData(Paused, Cancel, Cancelled)]
    [InlineData(Scheduled, Finish, Finished)]
    [InlineData(CampaignStatus.Sending, Finish, Finished)]
    public void Allowed_actions_lead_where_the_contract_says(CampaignStatus status, CampaignAction action, CampaignStatus next) =>
        CampaignLifecycle.Next(status, action).ShouldBe(new Transition.To(next));

    [Fact]
    public void These_and_deleting_a_draft_are_all_that_is_allowed() =>
        Pairs().Count(pair => CampaignLifecycle.Next(pair.Status, pair.Action) is not Transition.Refused).ShouldBe(18 + 1);

    [Theory]
    [InlineData(Draft, Launch)]
    [InlineData(Planned, Launch)]
    [InlineData(Paused, Resume)]
    public void Launch_and_resume_lead_to_sending_when_a_wave_has_opened(CampaignStatus status, CampaignAction action) =>
        CampaignLifecycle.Next(status, action, waveOpened: true).ShouldBe(new Transition.To(CampaignStatus.Sending));

    [Fact]
    public void Only_a_draft_is_deleted() =>
        Enum.GetValues<CampaignStatus>()
            .Where(status => CampaignLifecycle.Next(status, Delete) is Transition.Deleted)
            .ShouldBe([Draft]);

    [Fact]
    public void A_paused_campaign_opens_no_wave_and_does_not_finish()
    {
        CampaignLifecycle.Next(Paused, Start).ShouldBeOfType<Transition.Refused>();
        CampaignLifecycle.Next(Paused, Finish).ShouldBeOfType<Transition.Refused>();
    }

    [Fact]
    public void Every_pair_is_allowed_or_refused_with_a_way_out_unless_final()
    {
        foreach (var (status, action) in Pairs())
        {
            if (CampaignLifecycle.Next(status, action) is not Transition.Refused refused)
                continue;
            refused.Status.ShouldBe(status);
            refused.Action.ShouldBe(action);
            refused.Allowed.ShouldBe(CampaignLifecycle.Allowed(status));
            refused.Allowed.ShouldNotContain(action);
            (refused.Allowed.Count == 0).ShouldBe(CampaignLifecycle.IsFinal(status));
        }
    }

    [Fact]
    public void What_is_offered_is_accepted()
    {
        foreach (var (status, action) in Pairs().Where(pair => CampaignLifecycle.Allowed(pair.Status).Contains(pair.Action)))
            CampaignLifecycle.Next(status, action).ShouldNotBeOfType<Transition.Refused>();
    }

    [Fact]
    public void Final_statuses_are_never_left()
    {
        foreach (var (status, action) in Pairs().Where(pair => CampaignLifecycle.IsFinal(pair.Status)))
        {
            CampaignLifecycle.Next(status, action, waveOpened: false).ShouldBeOfType<Transition.Refused>();
            CampaignLifecycle.Next(status, action, waveOpened: true).ShouldBeOfType<Transition.Refused>();
        }
    }

    [Fact]
    public void A_refusal_names_the_state_and_what_is_allowed()
    {
        Reason(Scheduled, Edit).ShouldBe("The campaign is scheduled: edit is not allowed. Allowed now: pause, cancel.");
        Reason(Scheduled, Launch).ShouldBe("The campaign is scheduled: launch is not allowed. Allowed now: pause, cancel.");
        Reason(Finished, Cancel).ShouldBe("The campaign is finished, which is final: cancel is not allowed. Duplicate it to send again.");
    }

    private static string Reason(CampaignStatus status, CampaignAction action) =>
        CampaignLifecycle.Next(status, action).ShouldBeOfType<Transition.Refused>().Reason;

    private static IEnumerable<(CampaignStatus Status, CampaignAction Action)> Pairs() =>
        from status in Enum.GetValues<CampaignStatus>()
        from action in Enum.GetValues<CampaignAction>()
        select (status, action);
}
