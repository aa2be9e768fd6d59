using NodaTime;

namespace CampaignHub.Core.Audience;

/// <summary>A zone learned from when a person reads, and how sure it is (0 to 1).</summary>
public readonly record struct LearnedZone(string TimeZone, double Confidence);

/// <summary>
/// The zone whose day fits a person's own opens and clicks. Each candidate's local hours are weighed against a day of
/// human reading, quiet from midnight to six, and a zone of more regions is likelier before anything is known (naive Bayes).
/// The shares of all candidates make 1 together; the best one's is its confidence, and below <see cref="LeastConfidence"/>
/// nothing is learned.
/// </summary>
public static class ActivityZones
{
    /// <summary>Fewer hits of a human say nothing.</summary>
    public const int LeastHits = 8;

    /// <summary>Neither do hits on fewer days (UTC).</summary>
    public const int LeastDays = 4;

    /// <summary>A zone less sure than this isn't taken.</summary>
    public const double LeastConfidence = 0.8;

    /// <summary>How far back hits are looked at: people move.</summary>
    public static readonly Duration Window = Duration.FromDays(180);

    /// <summary>
    /// What a hit's evidence counts: one person's hits depend on each other, because each has habits that are not everybody's.
    /// So does that of a region, because regions are of different sizes.
    /// </summary>
    private const double Weight = 0.5;

    /// <summary>A day of reading, hour by hour from midnight. Only proportions matter; no hour is impossible.</summary>
    private static readonly double[] Day =
        [1.2, 0.5, 0.3, 0.3, 0.4, 0.9, 2.4, 4.4, 5.8, 6.4, 6.6, 6.4, 6.2, 6.0, 5.8, 5.6, 5.6, 5.6, 5.8, 6.0, 6.0, 5.4, 4.2, 2.6];

    /// <summary>One populous zone for each time that many people keep: for people of whom no country is known.</summary>
    private static readonly IReadOnlyList<string> Anywhere =
    [
        "Pacific/Honolulu", "America/Los_Angeles", "America/Denver", "America/Mexico_City", "America/Chicago", "America/New_York",
        "America/Bogota", "America/Sao_Paulo", "Europe/London", "Europe/Berlin", "Africa/Lagos", "Europe/Athens", "Africa/Johannesburg",
        "Europe/Moscow", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata", "Asia/Dhaka", "Asia/Jakarta", "Asia/Shanghai", "Asia/Tokyo",
        "Australia/Sydney", "Pacific/Auckland",
    ];

    /// <summary>The zones of a country with several and how many regions keep each, the most populous first, then by regions.</summary>
    private static readonly ILookup<string, (string Zone, int Regions)> OfCountry = ZoneFacts.Rows
        .Where(row => row.Source is ZoneSource.Region or ZoneSource.CountryGuess)
        .GroupBy(row => (row.Country, row.TimeZone))
        .OrderByDescending(zone => zone.Any(row => row.Source == ZoneSource.CountryGuess)).ThenByDescending(zone => zone.Count())
        .ToLookup(zone => zone.Key.Country, zone => (zone.Key.TimeZone, zone.Count()));

    /// <summary>Null where the hits don't tell, or the country keeps one time.</summary>
    /// <param name="hits">Hits of a human, at least <see cref="LeastHits"/> on <see cref="LeastDays"/>. Those of one hour count once: one sitting.</param>
    /// <param name="country">A code of <see cref="Countries"/>, or null.</param>
    public static LearnedZone? Learn(IReadOnlyCollection<Instant> hits, string? country)
    {
        if (!ZoneInference.IsOpen(country) || hits.Count < LeastHits || hits.Select(hit => hit.InUtc().Date).Distinct().Count() < LeastDays)
            return null;
        var sittings = hits.DistinctBy(hit => hit.ToUnixTimeSeconds() / NodaConstants.SecondsPerHour).ToList();
        // Zones that agreed at every hit are one candidate, named by the first.
        var candidates = (country is null ? Anywhere.Select(zone => (Zone: zone, Regions: 1)) : OfCountry[country])
            .Select(zone => (zone.Zone, zone.Regions, Hours: LocalHours(zone.Zone, sittings)))
            .DistinctBy(candidate => string.Join(' ', candidate.Hours))
            .Select(candidate => (candidate.Zone, Fit: Weight * Math.Log(candidate.Regions) + candidate.Hours.Sum(hour => Weight * Math.Log(Day[hour])))).ToList();
        if (candidates.Count < 2)
            return null;
        var best = candidates.MaxBy(candidate => candidate.Fit);
        var confidence = 1 / candidates.Sum(candidate => Math.Exp(candidate.Fit - best.Fit));
        return confidence >= LeastConfidence ? new LearnedZone(best.Zone, confidence) : null;
    }

    private static int[] LocalHours(string zone, List<Instant> hits)
    {
        var clock = DateTimeZoneProviders.Tzdb[zone];
        return [.. hits.Select(hit => hit.InZone(clock).Hour)];
    }
}
