using NodaTime;

namespace CampaignHub.Core.Tracking;

/// <summary>
/// How soon a person can click. From a relay's acceptance a mail has still to be carried to the mailbox, the reader's program to hear of
/// it, the person to notice, open it, find a link and press it. Each takes half a second at least, and the person's part far longer; a
/// gateway looks on the way, while the mail is being handed over or right after.
/// </summary>
public static class ReadingTime
{
    /// <summary>The least time from the acceptance to a person's click. No clock of a node is off by as much.</summary>
    public static readonly Duration Least = Duration.FromSeconds(3);

    /// <summary>How long before the acceptance a gateway may look that does so while the mail is handed over. What is earlier isn't of this mail, but of one that was sent before its resend.</summary>
    public static readonly Duration HandingOver = Duration.FromMinutes(1);

    /// <summary>Whether a click came before anybody can have read the mail.</summary>
    /// <param name="click">When it came.</param>
    /// <param name="acceptedAt">When the relay accepted the mail; null when that isn't known.</param>
    public static bool IsTooShort(Instant click, Instant? acceptedAt) =>
        acceptedAt is { } accepted && click > accepted - HandingOver && click < accepted + Least;
}
