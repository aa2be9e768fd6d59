using static CampaignHub.Core.Campaigns.CampaignAction;
using static CampaignHub.Core.Campaigns.CampaignStatus;

namespace CampaignHub.Core.Campaigns;

/// <summary>
/// The one place that says how a campaign's status changes:
/// draft ⇄ planned → scheduled → sending ⇄ paused → finished, or cancelled.
/// </summary>
public static class CampaignLifecycle
{
    /// <summary>What callers can ask for; the service's own actions are never offered in a refusal.</summary>
    private static readonly CampaignAction[] CallersActions = [Edit, Delete, Plan, Launch, Pause, Resume, Cancel];

    /// <summary>Final statuses are never left, by any action.</summary>
    public static bool IsFinal(CampaignStatus status) => status is Finished or Cancelled;

    /// <summary>What a caller may ask for in this status; empty when it is final.</summary>
    public static IReadOnlyList<CampaignAction> Allowed(CampaignStatus status) =>
        [.. CallersActions.Where(action => Move(status, action, waveOpened: false) is not null)];

    /// <summary>The statuses in which the action is allowed.</summary>
    public static IReadOnlyList<CampaignStatus> From(CampaignAction action) =>
        [.. Enum.GetValues<CampaignStatus>().Where(status => Move(status, action, waveOpened: false) is not null)];

    /// <summary>Where the action leads from this status, or why it is refused.</summary>
    /// <param name="status">The status now.</param>
    /// <param name="action">What is asked for.</param>
    /// <param name="waveOpened">
    /// Counts for launch and resume only. Launch: a wave is due at once. Resume: a wave had opened before the pause.
    /// </param>
    public static Transition Next(CampaignStatus status, CampaignAction action, bool waveOpened = false) =>
        Move(status, action, waveOpened) ?? new Transition.Refused(status, action, Allowed(status));

    private static Transition? Move(CampaignStatus status, CampaignAction action, bool waveOpened) =>
        (status, action) switch
        {
            (Draft, Delete) => new Transition.Deleted(),

            // Whatever is edited may change who gets it or when: the plan goes.
            (Draft or Planned, Edit) => To(Draft),
            (Draft or Planned, Plan) => To(Planned),
            (Planned, Unplan) => To(Draft),
            (Draft or Planned, Launch) => To(waveOpened ? CampaignStatus.Sending : Scheduled),

            // Each wave asks as it opens; all but the first change nothing. A paused campaign opens none.
            (Scheduled or CampaignStatus.Sending, Start) => To(CampaignStatus.Sending),
            (Scheduled or CampaignStatus.Sending, Pause) => To(Paused),
            (Paused, Resume) => To(waveOpened ? CampaignStatus.Sending : Scheduled),

            // A draft has nothing to give up: it is deleted.
            (Planned or Scheduled or CampaignStatus.Sending or Paused, Cancel) => To(Cancelled),

            // Only a person ends a pause. One with nothing left to do finishes right after it is resumed.
            (Scheduled or CampaignStatus.Sending, Finish) => To(Finished),
            _ => null,
        };

    private static Transition.To To(CampaignStatus status) => new(status);
}
