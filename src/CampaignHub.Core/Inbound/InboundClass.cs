namespace CampaignHub.Core.Inbound;

/// <summary>What a mail that came in, or a provider, says of a person; on the wire by <see cref="WireWords"/>.</summary>
public enum InboundClass
{
    /// <summary>The address doesn't exist, or takes no mail at all: nothing may be sent to it again.</summary>
    Hard,

    /// <summary>Not delivered for another reason, or not yet: time may help.</summary>
    Soft,

    /// <summary>Refused for what the message is or where it comes from, not for whom it is to.</summary>
    Policy,

    /// <summary>The mailbox is full.</summary>
    Full,

    /// <summary>A machine answered in the person's name: a vacation notice, a challenge.</summary>
    AutoReply,

    /// <summary>The person reported the mail as spam.</summary>
    Complaint,

    /// <summary>The person told a provider that they want no more mail.</summary>
    Unsubscribe,

    /// <summary>Whoever sends suppressed the address at their provider, by hand: about no message, and no word of the person's.</summary>
    Suppressed,

    /// <summary>The person answered.</summary>
    Reply,

    /// <summary>None of these: reports of success, of authentication, and mail that is unrelated.</summary>
    Other,
}
