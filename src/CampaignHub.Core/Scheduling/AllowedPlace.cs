using CampaignHub.Core.Audience;
using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>
/// When mail may arrive at people of one place of a plan: by the clock of their zone; where that is only guessed and the schedule
/// wants to be safe, by the clocks of all zones of their country at once.
/// </summary>
public sealed class AllowedPlace
{
    private readonly AllowedTimes _allowed;
    private readonly IReadOnlyList<DateTimeZone> _zones;

    private AllowedPlace(AllowedTimes allowed, DateTimeZone zone, IReadOnlyList<DateTimeZone> zones) => (_allowed, Zone, _zones) = (allowed, zone, zones);

    /// <summary>Their zone, or what is guessed.</summary>
    internal DateTimeZone Zone { get; }

    /// <param name="allowed">What the schedule allows.</param>
    /// <param name="holidays">The tenant's.</param>
    /// <param name="timeZone">Their zone.</param>
    /// <param name="holidayCountry">Whose holidays they keep.</param>
    /// <param name="unsureCountry">See <see cref="PlanPlace.UnsureCountry"/>.</param>
    public static AllowedPlace Of(AllowedTimes allowed, HolidayCalendar holidays, string timeZone, string? holidayCountry, string? unsureCountry)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        ArgumentNullException.ThrowIfNull(holidays);
        var zone = TimeZoneData.Zones[timeZone];
        DateTimeZone[] zones = [zone, .. ZoneInference.ZonesOf(unsureCountry).Where(id => id != timeZone).Select(id => TimeZoneData.Zones[id])];
        return new AllowedPlace(allowed.Without(holidays.Of(holidayCountry)), zone, zones);
    }

    /// <summary>The countries among these in whose zones it is never allowed everywhere at once, in the week from this instant on.</summary>
    public static IReadOnlyList<string> NeverAllowedIn(IEnumerable<string> countries, AllowedTimes allowed, Instant from) =>
    [
        .. countries.Where(country => ZoneInference.ZonesOf(country) is [var first, ..]
            && Of(allowed with { Days = null }, HolidayCalendar.Empty, first, null, country) is var place && !place.IsAllowed(place.NextAllowed(from))).Order(StringComparer.Ordinal),
    ];

    /// <summary>Whether mail may arrive at this instant.</summary>
    public bool IsAllowed(Instant at) => _zones.All(zone => _allowed.IsAllowed(at, zone));

    /// <summary>
    /// The earliest instant from this one on at which mail may arrive. Where the country's zones are never allowed all at once,
    /// which a launch is refused for, the earliest that the guessed zone allows.
    /// </summary>
    public Instant NextAllowed(Instant at) => Next(_allowed, at);

    /// <summary>The same by the hours alone.</summary>
    internal Instant ByHours(Instant at) => Next(new AllowedTimes { Hours = _allowed.Hours }, at);

    private Instant Next(AllowedTimes allowed, Instant at)
    {
        if (allowed == AllowedTimes.Always)
            return at;
        var alone = allowed.NextAllowed(at, Zone);
        // Each step goes to where one more zone allows it; a year of them goes past every holiday that can be given.
        for (var (next, steps) = (alone, 0); steps < 400 * _zones.Count; steps++)
        {
            var later = _zones.Max(zone => allowed.NextAllowed(next, zone));
            if (later == next)
                return next;
            next = later;
        }
        return alone;
    }
}
