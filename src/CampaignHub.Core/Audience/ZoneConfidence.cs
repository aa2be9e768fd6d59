namespace CampaignHub.Core.Audience;

/// <summary>How likely a zone of each source is the person's own, from 0 to 1. A learned zone brings its own.</summary>
/// <remarks>
/// Estimates, for comparing and sorting: people travel, move and keep their phone numbers; a guess by the most populous
/// zone is right for about half of a large country's people.
/// </remarks>
public static class ZoneConfidence
{
    /// <summary>The source's own; for <see cref="ZoneSource.Activity"/> the least with which a zone is learned.</summary>
    public static double Of(ZoneSource source) => source switch
    {
        ZoneSource.Given => 1,
        ZoneSource.Region => 0.95,
        ZoneSource.Country => 0.95,
        ZoneSource.Phone => 0.85,
        ZoneSource.Activity => ActivityZones.LeastConfidence,
        ZoneSource.Storefront => 0.5,
        ZoneSource.CountryGuess => 0.5,
        _ => 0,
    };
}
