using System.Text.Json;
using CampaignHub.Core;
using CampaignHub.Core.Audience;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>Core's tables of consent and zones as JSON objects, so that SQL looks them up instead of knowing their rules itself.</summary>
internal static class MergeRules
{
    /// <summary>current status or <c>none</c> / statement / <c>same</c> or <c>other</c> origin / order → [status, takes the statement].</summary>
    public static readonly string Consent = JsonSerializer.Serialize(ConsentTable.Rows(ConsentChannel.Data).ToDictionary(
        row => $"{row.Current?.Word() ?? "none"}/{row.Statement.Word()}/{(row.SameOrigin ? "same" : "other")}/{row.Order.Word()}",
        row => new object[] { row.Decision.Status.Word(), row.Decision.TakesStatement }));

    /// <summary>country/region, or the country alone → [zone, source].</summary>
    public static readonly string Zones = JsonSerializer.Serialize(ZoneInference.Table.ToDictionary(
        row => row.Region is null ? row.Country : $"{row.Country}/{row.Region}",
        row => new[] { row.TimeZone, row.Source.Word() }));

    /// <summary>country → its zones, where it has several: a shop's zone counts for its buyers if it is one of them.</summary>
    public static readonly string CountryZones = JsonSerializer.Serialize(ZoneInference.Table.Select(row => row.Country).Distinct()
        .Where(country => ZoneInference.ZonesOf(country).Count > 0).ToDictionary(country => country, ZoneInference.ZonesOf));
}
