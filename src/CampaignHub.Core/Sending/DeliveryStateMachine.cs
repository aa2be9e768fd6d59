using System.Collections.Frozen;

namespace CampaignHub.Core.Sending;

using State = DeliveryState;

/// <summary>What can happen to a delivery. Nothing else changes its state.</summary>
public enum DeliveryTransition
{
    /// <summary>A worker takes it under a lease.</summary>
    Claim,

    /// <summary>The lease ran out, or the worker gives it back unsent.</summary>
    Release,

    /// <summary>
    /// Consent, suppression and campaign have been read again; MAIL FROM follows. Once more where DATA didn't follow soon
    /// enough for that to hold.
    /// </summary>
    MarkSending,

    /// <summary>2xx after the final dot.</summary>
    Accept,

    /// <summary>Certainly not accepted; to be tried again.</summary>
    Defer,

    /// <summary>Refused for good, by the relay or because the message can't be made.</summary>
    Reject,

    /// <summary>The answer after the final dot is lost, or the process died between mark and answer.</summary>
    Lose,

    /// <summary><c>when_uncertain: resend</c>: once more, byte for byte.</summary>
    Resend,

    /// <summary><c>when_uncertain: hold</c>, uncertain for the second time, the bytes are no longer the same, or a resend came to another end than acceptance.</summary>
    Hold,

    /// <summary>The answer of the same attempt arrived after all, before a resend was claimed.</summary>
    LateAccept,

    /// <summary>The person must not be mailed.</summary>
    Suppress,

    /// <summary>Its hour passed before it was tried.</summary>
    Miss,

    /// <summary>The campaign was cancelled.</summary>
    Cancel,

    /// <summary>Retries are used up.</summary>
    Expire,
}

/// <summary>
/// The single place where a delivery's state changes. Stores write
/// <c>SET state = @to … WHERE state = ANY(@from)</c> with <see cref="To"/> and <see cref="From"/>.
/// </summary>
/// <remarks>
/// A resend goes through <c>scheduled</c>, from where a late answer ends it only until somebody claims it. A delivery that was once uncertain ends only as <c>accepted</c> or <c>held</c>: any other end would
/// claim that the first attempt wasn't accepted. <see cref="Ending"/> says so.
/// </remarks>
public static class DeliveryStateMachine
{
    private static readonly FrozenDictionary<DeliveryTransition, (DeliveryState[] From, DeliveryState To)> s_table =
        new Dictionary<DeliveryTransition, (DeliveryState[], DeliveryState)>
        {
            [DeliveryTransition.Claim] = ([State.Scheduled, State.Deferred], State.Leased),
            [DeliveryTransition.Release] = ([State.Leased], State.Scheduled),
            [DeliveryTransition.MarkSending] = ([State.Leased, State.Sending], State.Sending),
            [DeliveryTransition.Accept] = ([State.Sending], State.Accepted),
            [DeliveryTransition.Defer] = ([State.Leased, State.Sending], State.Deferred),
            [DeliveryTransition.Reject] = ([State.Leased, State.Sending], State.Rejected),
            [DeliveryTransition.Lose] = ([State.Sending], State.Uncertain),
            [DeliveryTransition.Resend] = ([State.Uncertain], State.Scheduled),
            [DeliveryTransition.Hold] = ([State.Scheduled, State.Leased, State.Sending, State.Deferred, State.Uncertain], State.Held),
            [DeliveryTransition.LateAccept] = ([State.Scheduled, State.Uncertain, State.Held], State.Accepted),
            [DeliveryTransition.Suppress] = ([State.Scheduled, State.Leased, State.Deferred], State.Suppressed),
            [DeliveryTransition.Miss] = ([State.Scheduled, State.Leased], State.Missed),
            [DeliveryTransition.Cancel] = ([State.Scheduled, State.Leased, State.Deferred], State.Cancelled),
            [DeliveryTransition.Expire] = ([State.Scheduled, State.Leased, State.Sending, State.Deferred], State.Expired),
        }.ToFrozenDictionary();

    /// <summary>States that end a delivery; a campaign is finished when all of its deliveries are in one of them.</summary>
    public static IReadOnlyList<DeliveryState> Finals { get; } =
        [State.Accepted, State.Rejected, State.Held, State.Suppressed, State.Missed, State.Cancelled, State.Expired];

    /// <summary>The state after a transition; null when the state doesn't allow it.</summary>
    public static DeliveryState? Next(DeliveryState state, DeliveryTransition transition) =>
        From(transition).Contains(state) ? To(transition) : null;

    /// <summary>The transition to make where one is wanted: once uncertain, every end but acceptance is <see cref="DeliveryTransition.Hold"/>.</summary>
    /// <param name="wanted">What would be right for a delivery that was never uncertain.</param>
    /// <param name="onceUncertain">Whether an earlier attempt of this delivery ended uncertain.</param>
    public static DeliveryTransition Ending(DeliveryTransition wanted, bool onceUncertain) =>
        onceUncertain && To(wanted) is (State.Rejected or State.Suppressed or State.Missed or State.Cancelled or State.Expired)
            ? DeliveryTransition.Hold
            : wanted;

    /// <summary>The states that allow a transition.</summary>
    public static IReadOnlyList<DeliveryState> From(DeliveryTransition transition) => s_table[transition].From;

    /// <summary>The state to which a transition leads, from wherever it is allowed.</summary>
    public static DeliveryState To(DeliveryTransition transition) => s_table[transition].To;

    /// <summary>Whether the state ends the delivery.</summary>
    public static bool IsFinal(this DeliveryState state) => Finals.Contains(state);
}
