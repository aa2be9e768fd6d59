using System.Collections.Frozen;
using NodaTime;

namespace CampaignHub.Core.Scheduling;

/// <summary>A tenant's holidays: dates of each country that it has given some for.</summary>
public sealed class HolidayCalendar(IReadOnlyDictionary<string, IReadOnlySet<LocalDate>> dates)
{
    /// <summary>No holidays anywhere.</summary>
    public static HolidayCalendar Empty { get; } = new(FrozenDictionary<string, IReadOnlySet<LocalDate>>.Empty);

    /// <summary>The countries (ISO 3166-1) with holidays.</summary>
    public IEnumerable<string> Countries => dates.Keys;

    /// <summary>The holidays of a country; none for null and for one that has none.</summary>
    public IReadOnlySet<LocalDate> Of(string? country) =>
        country is not null && dates.TryGetValue(country, out var found) ? found : FrozenSet<LocalDate>.Empty;
}
