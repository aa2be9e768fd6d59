using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Core.Tests.Scheduling;

/// <summary>Times as the docs write them.</summary>
internal static class Times
{
    internal static Instant Utc(string text) => InstantPattern.ExtendedIso.Parse(text).Value;

    internal static LocalDateTime Local(string text) => LocalDateTimePattern.GeneralIso.Parse(text.Length == 16 ? text + ":00" : text).Value;

    internal static DateTimeZone Zone(string id) => DateTimeZoneProviders.Tzdb[id];
}
