using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Core.Audience;

/// <summary>The times of one row of a list's export, as they are written; null for an empty cell or no such column.</summary>
/// <param name="OptIn">When the person asked for mail; a person whom the list's owner added has none.</param>
/// <param name="Confirmed">When they confirmed it, or were added.</param>
/// <param name="Unsubscribed">When they left.</param>
/// <param name="Cleaned">When mail to them had come back for good.</param>
internal readonly record struct ListTimes(string? OptIn, string? Confirmed, string? Unsubscribed, string? Cleaned);

/// <summary>Consent as an export states it that has times instead of words.</summary>
/// <param name="Statement">What they say.</param>
/// <param name="At">When that was said; null where it can't be read.</param>
/// <param name="Level"><c>confirmed_opt_in</c> or <c>single_opt_in</c> of a yes.</param>
/// <param name="IsUndeliverable">True where mail to the address has come back for good.</param>
internal readonly record struct TimedConsent(ConsentStatement Statement, Instant? At = null, string? Level = null, bool IsUndeliverable = false)
{
    private static readonly LocalDateTimePattern[] Patterns =
        [LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss"), LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm")];

    /// <summary>
    /// Leaving goes before everything, and a file of people who left, or whose mail came back, never says yes: what opting in
    /// its rows tell of was before that. A yes needs an instant that can be read; a withdrawal doesn't.
    /// </summary>
    /// <param name="times">Of the row.</param>
    /// <param name="ofLeft">True where the file has a column for leaving.</param>
    /// <param name="ofCleaned">True where it has one for being cleaned.</param>
    public static TimedConsent Of(ListTimes times, bool ofLeft, bool ofCleaned)
    {
        if (Written(times.Unsubscribed) is { } left)
            return new(ConsentStatement.Withdrawn, InstantOf(left));
        if (ofCleaned)
            return new(ConsentStatement.Unknown, IsUndeliverable: Written(times.Cleaned) is not null || !ofLeft);
        if (ofLeft || Written(times.OptIn) is not { } optIn || InstantOf(optIn) is not { } at)
            return new(ConsentStatement.Silent);
        return new(ConsentStatement.Granted, at, InstantOf(times.Confirmed) > at ? "confirmed_opt_in" : "single_opt_in");
    }

    /// <summary>A date of zeros is how databases write none.</summary>
    private static string? Written(string? time) => time is null || time.StartsWith("0000", StringComparison.Ordinal) ? null : time;

    /// <summary>UTC, which such exports don't say; or RFC 3339.</summary>
    private static Instant? InstantOf(string? time)
    {
        if (time is null)
            return null;
        foreach (var pattern in Patterns)
            if (pattern.Parse(time) is { Success: true } local)
                return local.Value.InUtc().ToInstant();
        return RecipientFields.ConsentAt(time, out var at) is null ? at : null;
    }
}
