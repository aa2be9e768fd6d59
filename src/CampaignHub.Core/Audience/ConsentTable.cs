using NodaTime;

namespace CampaignHub.Core.Audience;

/// <summary>What a statement does to a consent.</summary>
/// <param name="Status">The status afterwards; the current one where nothing changes.</param>
/// <param name="TakesStatement">
/// True where the consent is replaced: status, source and instant are the statement's, and the history gets a row.
/// False: all three stay as they are.
/// </param>
public readonly record struct ConsentDecision(ConsentStatus Status, bool TakesStatement);

/// <summary>One row of <see cref="ConsentTable.Rows"/>: the key of four columns, then the decision.</summary>
/// <param name="Current">Null where the person is new.</param>
/// <param name="Statement">What the source says.</param>
/// <param name="SameOrigin">The current consent's source is the statement's own source.</param>
/// <param name="Order">The statement's instant beside the current one's.</param>
/// <param name="Decision">What follows.</param>
public sealed record ConsentRow(
    ConsentStatus? Current, ConsentStatement Statement, bool SameOrigin, ConsentOrder Order, ConsentDecision Decision);

/// <summary>The one table by which API, imports, webhooks and sync change a person's consent.</summary>
public static class ConsentTable
{
    /// <summary>Decides one case.</summary>
    /// <param name="current">Null where the person is new; then origin and order don't matter.</param>
    /// <param name="statement">What the source says.</param>
    /// <param name="channel">How it comes in.</param>
    /// <param name="sameOrigin">The current consent's source is the statement's own: the same shop, or an export of it.</param>
    /// <param name="order">See <see cref="OrderOf"/>.</param>
    public static ConsentDecision Decide(
        ConsentStatus? current, ConsentStatement statement, ConsentChannel channel, bool sameOrigin, ConsentOrder order)
    {
        if (current is not { } status)
            return new ConsentDecision(OfNewPerson(statement, channel), true);
        var next = statement switch
        {
            ConsentStatement.Granted => AfterGrant(status, order),
            ConsentStatement.Pending => status == ConsentStatus.Unknown ? ConsentStatus.Pending : null,
            ConsentStatement.Withdrawn => AfterWithdrawal(status, order),
            ConsentStatement.Unknown => AfterUnknown(status, channel, order),
            ConsentStatement.Refused => AfterRefusal(status, sameOrigin, order),
            _ => null, // silence never changes the consent of somebody known
        };
        return new ConsentDecision(next ?? status, next is not null);
    }

    /// <summary>A status that somebody states, as the API's callers do.</summary>
    public static ConsentStatement AsStatement(this ConsentStatus status) => status switch
    {
        ConsentStatus.Granted => ConsentStatement.Granted,
        ConsentStatus.Pending => ConsentStatement.Pending,
        ConsentStatus.Withdrawn => ConsentStatement.Withdrawn,
        _ => ConsentStatement.Unknown,
    };

    /// <summary>Orders two instants; one that isn't known is neither newer nor older.</summary>
    public static ConsentOrder OrderOf(Instant? statementAt, Instant? currentAt) => (statementAt, currentAt) switch
    {
        ({ } stated, { } held) when stated > held => ConsentOrder.Newer,
        ({ } stated, { } held) when stated < held => ConsentOrder.Older,
        _ => ConsentOrder.Unordered,
    };

    /// <summary>
    /// The whole table of a channel as 180 flat rows, one for each key, so that SQL joined to it on
    /// (current or 'none', statement, same_origin, order) answers what <see cref="Decide"/> does.
    /// </summary>
    public static IReadOnlyList<ConsentRow> Rows(ConsentChannel channel) => [..
        from current in Enum.GetValues<ConsentStatus>().Cast<ConsentStatus?>().Prepend(null)
        from statement in Enum.GetValues<ConsentStatement>()
        from sameOrigin in new[] { false, true }
        from order in Enum.GetValues<ConsentOrder>()
        select new ConsentRow(current, statement, sameOrigin, order, Decide(current, statement, channel, sameOrigin, order))];

    /// <summary>A no about somebody new withdraws nothing: nothing had been granted.</summary>
    private static ConsentStatus OfNewPerson(ConsentStatement statement, ConsentChannel channel) => statement switch
    {
        ConsentStatement.Silent => channel == ConsentChannel.Api ? ConsentStatus.Granted : ConsentStatus.Unknown,
        ConsentStatement.Granted => ConsentStatus.Granted,
        ConsentStatement.Pending => ConsentStatus.Pending,
        ConsentStatement.Withdrawn => ConsentStatus.Withdrawn,
        _ => ConsentStatus.Unknown,
    };

    /// <summary>Only a newer yes lifts a withdrawal; a newer yes after a yes is the better proof and replaces it.</summary>
    private static ConsentStatus? AfterGrant(ConsentStatus current, ConsentOrder order) =>
        current is ConsentStatus.Unknown or ConsentStatus.Pending || order == ConsentOrder.Newer ? ConsentStatus.Granted : null;

    /// <summary>A withdrawal holds unless the person is known to have said yes after it; a repeated one counts from its latest instant.</summary>
    private static ConsentStatus? AfterWithdrawal(ConsentStatus current, ConsentOrder order) => (current, order) switch
    {
        (ConsentStatus.Granted, ConsentOrder.Older) => null,
        (ConsentStatus.Withdrawn, not ConsentOrder.Newer) => null,
        _ => ConsentStatus.Withdrawn,
    };

    /// <summary>"Unknown" takes a yes back only where a caller of the API asserts it, and not with an instant before that yes.</summary>
    private static ConsentStatus? AfterUnknown(ConsentStatus current, ConsentChannel channel, ConsentOrder order) =>
        channel == ConsentChannel.Api && order != ConsentOrder.Older && current is ConsentStatus.Granted or ConsentStatus.Pending
            ? ConsentStatus.Unknown : null;

    /// <summary>
    /// A no takes back the yes of its own source (unless it is known to be the older word of the two, as when webhooks
    /// overtake each other), and a yes from elsewhere only if it is newer.
    /// </summary>
    private static ConsentStatus? AfterRefusal(ConsentStatus current, bool sameOrigin, ConsentOrder order) =>
        current == ConsentStatus.Granted && (order == ConsentOrder.Newer || sameOrigin && order != ConsentOrder.Older)
            ? ConsentStatus.Withdrawn : null;
}
