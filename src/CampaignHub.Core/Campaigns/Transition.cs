namespace CampaignHub.Core.Campaigns;

/// <summary>The lifecycle's answer to an action.</summary>
public abstract record Transition
{
    private Transition()
    {
    }

    /// <summary>Allowed: the campaign has this status from now on (it may be the one that it had).</summary>
    public sealed record To(CampaignStatus Status) : Transition;

    /// <summary>Allowed: the campaign is no more.</summary>
    public sealed record Deleted : Transition;

    /// <summary>Forbidden in this status: a 409.</summary>
    /// <param name="Status">The campaign's status, which stays.</param>
    /// <param name="Action">What was asked for.</param>
    /// <param name="Allowed">What a caller may ask for instead; empty when the status is final.</param>
    public sealed record Refused(CampaignStatus Status, CampaignAction Action, IReadOnlyList<CampaignAction> Allowed)
        : Transition
    {
        /// <summary>One sentence naming the state and what is allowed in it.</summary>
        public string Reason => Allowed.Count == 0
            ? $"The campaign is {Status.Word()}, which is final: {Action.Word()} is not allowed. Duplicate it to send again."
            : $"The campaign is {Status.Word()}: {Action.Word()} is not allowed. Allowed now: {AllowedWords}.";

        private string AllowedWords => string.Join(", ", Allowed.Select(a => a.Word()));
    }
}
