namespace CampaignHub.Core.Audience;

/// <summary>Why an address must not be mailed; on the wire by <see cref="WireWords"/>.</summary>
public enum SuppressionReason
{
    /// <summary>Somebody decided it.</summary>
    Manual,

    /// <summary>A relay said, while the mail was handed over, that there is no such mailbox.</summary>
    UnknownRecipient,

    /// <summary>Mail came back for good.</summary>
    Bounce,

    /// <summary>The person reported mail as spam.</summary>
    Complaint,

    /// <summary>The person unsubscribed, here or at the service that was used before.</summary>
    Unsubscribe,

    /// <summary>A row of a file that was imported with <c>suppress=true</c>.</summary>
    Import,
}
