namespace CampaignHub.Core.Audience;

/// <summary>Where a recipient's zone came from, in the order in which the sources are tried; on the wire by <see cref="WireWords"/>.</summary>
/// <remarks>How sure each is: <see cref="ZoneConfidence"/>.</remarks>
public enum ZoneSource
{
    /// <summary>Stated by the recipient or the tenant.</summary>
    Given,

    /// <summary>The region of a country with several zones.</summary>
    Region,

    /// <summary>The area of a phone number, in a country with several zones or where no country is known.</summary>
    Phone,

    /// <summary>A country whose people all keep the same time.</summary>
    Country,

    /// <summary>Learned from the person's own opens and clicks: <see cref="ActivityZones"/>.</summary>
    Activity,

    /// <summary>The zone of the shop that they buy from, where it is one of their country's or no country is known.</summary>
    Storefront,

    /// <summary>The most populous zone of a country that keeps several times.</summary>
    CountryGuess,

    /// <summary>None of the recipient's: the campaign's <c>fallback_time_zone</c>, or the tenant's zone.</summary>
    Fallback,
}

/// <summary>A zone and the evidence for it.</summary>
/// <param name="TimeZone">A tzdb id; null exactly when the source is <see cref="ZoneSource.Fallback"/>.</param>
/// <param name="Source">Which of them it is.</param>
public readonly record struct InferredZone(string? TimeZone, ZoneSource Source);

/// <summary>One row of <see cref="ZoneInference.Table"/>.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Region">A bare ISO 3166-2 code; null is the country's own row, for whoever has no row by region.</param>
/// <param name="TimeZone">A tzdb id.</param>
/// <param name="Source">Region, Country or CountryGuess.</param>
public sealed record ZoneRow(string Country, string? Region, string TimeZone, ZoneSource Source);
