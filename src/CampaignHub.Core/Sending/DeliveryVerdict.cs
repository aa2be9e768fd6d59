using NodaTime;

namespace CampaignHub.Core.Sending;

/// <summary>What follows from an <see cref="SmtpExchange"/>.</summary>
public enum DeliveryAction
{
    /// <summary>Nothing is decided: the dialogue goes on.</summary>
    Proceed,

    /// <summary>The relay has the mail.</summary>
    Accepted,

    /// <summary>Tried again later; counts as an attempt.</summary>
    Deferred,

    /// <summary>Refused for good.</summary>
    Rejected,

    /// <summary>Whether the relay has the mail can't be known.</summary>
    Uncertain,

    /// <summary>The relay is at fault: deferred, counted against its breaker and not against the person.</summary>
    RelayFault,

    /// <summary>The relay asks for less: deferred, it slows or waits for its quota.</summary>
    RelaySlowed,

    /// <summary>The relay's quota is used up: deferred, it rests until the quota may have been renewed.</summary>
    RelayQuotaUsed,

    /// <summary>The relay can't be used as it is set: deferred, it pauses and its owner is told.</summary>
    RelayPaused,

    /// <summary>We took the leave to send back in time: deferred, and nobody is at fault.</summary>
    Withdrawn,

    /// <summary>The campaign's sender is refused: deferred, the campaign pauses and says why.</summary>
    CampaignPaused,
}

/// <summary>The answer of the outcome table to one exchange.</summary>
/// <param name="Rule">Name of the row that decided; stored with the attempt.</param>
/// <param name="Action">What follows.</param>
/// <param name="Suppress">Whether the address is to be suppressed: it doesn't exist.</param>
/// <param name="WhenExhausted">What a <see cref="DeliveryAction.Deferred"/> becomes when no retry is left: <see cref="DeliveryTransition.Expire"/>, or <see cref="DeliveryTransition.Reject"/> where the reply was a soft refusal.</param>
public sealed record DeliveryVerdict(
    string Rule, DeliveryAction Action, bool Suppress = false, DeliveryTransition WhenExhausted = DeliveryTransition.Expire)
{
    /// <summary>Least wait before the next attempt after a <see cref="DeliveryAction.Deferred"/>, greylisting's usual time.</summary>
    public static readonly Duration LeastWait = Duration.FromMinutes(15);

    /// <summary>Whether the relay judged this person or this message, and not us, itself or its limits.</summary>
    public bool IsAboutThePerson => Action is DeliveryAction.Accepted or DeliveryAction.Deferred or DeliveryAction.Rejected or DeliveryAction.Uncertain;

    /// <summary>Whether the attempt counts against the person's retries.</summary>
    public bool CountsAttempt => IsAboutThePerson;

    /// <summary>The delivery's transition; null while nothing is decided.</summary>
    public DeliveryTransition? Transition => Action switch
    {
        DeliveryAction.Proceed => null,
        DeliveryAction.Accepted => DeliveryTransition.Accept,
        DeliveryAction.Rejected => DeliveryTransition.Reject,
        DeliveryAction.Uncertain => DeliveryTransition.Lose,
        _ => DeliveryTransition.Defer,
    };
}
