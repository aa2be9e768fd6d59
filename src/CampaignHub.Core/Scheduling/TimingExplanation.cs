using CampaignHub.Core.Audience;
using CampaignHub.Core.Scheduling.BestHours;
using CampaignHub.Core.Sending;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Core.Scheduling;

/// <summary>The answer to "why this time?", and to "why not at all?", in a sentence.</summary>
public static class TimingExplanation
{
    private static readonly LocalDateTimePattern s_moment = LocalDateTimePattern.CreateWithInvariantCulture("HH':'mm 'on' dddd d MMMM");

    /// <summary>Such as "10:00 on Friday 27 November in America/Sao_Paulo, known from region SP; no change".</summary>
    /// <param name="plan">The delivery's place in the plan.</param>
    /// <param name="zone">Where its zone comes from.</param>
    /// <param name="state">Where the delivery stands.</param>
    /// <param name="reason">The ledger's word for why; null where it has none.</param>
    /// <param name="grounds">What a chosen hour rests on; null where none was chosen.</param>
    public static string Of(ZonePlan plan, ZoneEvidence zone, DeliveryState state, string? reason, HourGrounds? grounds = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var wanted = plan.Local is { } local ? s_moment.Format(local) : "The moment of launch";
        var parts = new List<string> { $"{wanted} in {plan.TimeZone}, {Of(zone)}" };
        if (plan.Arm is { } arm)
            parts.Add(Of(arm, grounds));
        var unchanged = parts.Count;
        parts.AddRange(Changes(plan));
        if (parts.Count == unchanged)
            parts.Add("no change");
        if (NotSent(state, reason) is { } end)
            parts.Add(end);
        return string.Join("; ", parts);
    }

    private static string Of(ZoneEvidence zone) => zone.Source switch
    {
        ZoneSource.Given => "as given",
        ZoneSource.Region => zone.Region is { } region ? $"known from region {region}" : "known from the region",
        ZoneSource.Phone => "known from the phone number",
        ZoneSource.Country => zone.Country is { } country ? $"known from country {country}" : "known from the country",
        ZoneSource.Activity => "known from earlier opens and clicks",
        ZoneSource.Storefront => "that of the shop",
        ZoneSource.CountryGuess => zone.Country is { } country ? $"guessed from country {country}, which has several" : "guessed from the country",
        _ => "the fallback, as nothing is known",
    };

    private static string Of(BestTimeArm arm, HourGrounds? grounds) => arm switch
    {
        BestTimeArm.Holdout => "the fixed hour, so that the gain of the others can be measured",
        BestTimeArm.Explored => "an hour seldom tried that may be better",
        _ when grounds is { OwnPercent: > 0 } own => $"their best hour, {own.OwnPercent} % of it from when they read and the rest from when people like them do",
        _ => "the best hour of people like them, as little is known of their own",
    };

    private static IEnumerable<string> Changes(ZonePlan plan)
    {
        var due = plan.DueAt?.InZone(TimeZoneData.Zones[plan.TimeZone]).LocalDateTime;
        if (plan.Passed is { } passed)
            yield return passed switch
            {
                PassedOutcome.AtOnce => "it had passed, so at once",
                PassedOutcome.NextDay => "the day asked for had passed, so on the next",
                _ => "it had passed, and the schedule skips those",
            };
        var change = plan.Adjustment switch
        {
            Adjustment.Gap => "the clock skips that time there, so it moved by as much",
            Adjustment.Overlap => "the clock shows that time twice there: the first one",
            Adjustment.QuietHours when plan.UnsureCountry is { } country => $"moved into the allowed hours of all zones of country {country}",
            Adjustment.QuietHours => "outside of the allowed hours",
            Adjustment.AllowedDays => "not on an allowed day",
            _ => null,
        };
        if (change is not null)
            yield return change;
        if (plan.Slot > 0)
            yield return "spread over the window";
        if (due is { } moment && plan.Outcome == ZoneOutcome.Send && Minute(moment) != Minute(plan.Local))
            yield return $"due at {s_moment.Format(moment)}";
    }

    private static LocalDateTime? Minute(LocalDateTime? time) => time?.With(TimeAdjusters.TruncateToMinute);

    private static string? NotSent(DeliveryState state, string? reason) => state switch
    {
        DeliveryState.Suppressed => "not sent: " + reason switch
        {
            "no_consent" => "there is no consent any more",
            "recipient_deleted" => "the person was deleted",
            "address_changed" => "the person's address has changed",
            "frequency_wish" => "the person has had as many messages as they want",
            "frequency_cap" => "the person has had as many messages as the frequency cap allows",
            _ => "the address is suppressed",
        },
        DeliveryState.Missed => "not sent",
        DeliveryState.Cancelled => "not sent: the campaign was cancelled",
        DeliveryState.Rejected => $"refused{Because(reason)}",
        DeliveryState.Expired => $"given up after the last retry{Because(reason)}",
        DeliveryState.Held => $"held: an attempt may have been accepted, and it is not sent again{Because(reason)}",
        _ => null,
    };

    private static string Because(string? reason) => reason is null ? "" : $" ({reason.Replace('_', ' ')})";
}

/// <summary>Where a delivery's zone comes from.</summary>
/// <param name="Source">Which evidence there was.</param>
/// <param name="Country">The person's country (ISO 3166-1), where known.</param>
/// <param name="Region">The person's region (ISO 3166-2 without the country), where known still.</param>
public readonly record struct ZoneEvidence(ZoneSource Source, string? Country = null, string? Region = null);
