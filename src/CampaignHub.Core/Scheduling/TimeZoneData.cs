using NodaTime;
using NodaTime.TimeZones;
using NodaTime.Utility;

namespace CampaignHub.Core.Scheduling;

/// <summary>The time zone data that instants are computed with: what NodaTime brings, or a newer file of it.</summary>
public static class TimeZoneData
{
    private static (string Edition, IDateTimeZoneProvider Zones) s_current = (TzdbDateTimeZoneSource.Default.TzdbVersion, DateTimeZoneProviders.Tzdb);

    /// <summary>The edition's name, such as <c>2026b</c>. A plan keeps it: another edition may mean other instants.</summary>
    public static string Edition => s_current.Edition;

    /// <summary>The zones by their IANA ids.</summary>
    public static IDateTimeZoneProvider Zones => s_current.Zones;

    /// <summary>Takes this data from now on. To be called at start, before anything is planned.</summary>
    public static void Use(TzdbDateTimeZoneSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        s_current = (source.TzdbVersion, new DateTimeZoneCache(source));
    }

    /// <summary>Reads an <c>.nzd</c> file (nodatime.org/tzdb).</summary>
    /// <returns>Null where it isn't one, or lacks a zone that recipients may have.</returns>
    public static TzdbDateTimeZoneSource? Read(Stream nzd)
    {
        try
        {
            var source = TzdbDateTimeZoneSource.FromStream(nzd);
            source.Validate();
            return DateTimeZoneProviders.Tzdb.Ids.Except(source.GetIds()).Any() ? null : source;
        }
        catch (Exception fault) when (fault is InvalidNodaDataException or IOException or ArgumentException)
        {
            return null;
        }
    }
}
