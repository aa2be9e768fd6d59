using CampaignHub.Core;
using CampaignHub.Core.Audience;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>Core's tables of consent and zones as columns, so that SQL joins them instead of knowing their rules itself.</summary>
internal static class MergeRules
{
    private static readonly IReadOnlyList<ConsentRow> Consent = ConsentTable.Rows(ConsentChannel.Data);

    /// <summary>current status or <c>none</c> / statement / <c>same</c> or <c>other</c> origin / order.</summary>
    public static readonly string[] RuleKeys = [.. Consent.Select(row =>
        $"{row.Current?.Word() ?? "none"}/{row.Statement.Word()}/{(row.SameOrigin ? "same" : "other")}/{row.Order.Word()}")];
    public static readonly string[] RuleStatus = [.. Consent.Select(row => row.Decision.Status.Word())];
    public static readonly bool[] RuleTakes = [.. Consent.Select(row => row.Decision.TakesStatement)];

    /// <summary>country/region, or the country alone.</summary>
    public static readonly string[] ZonePlaces = [.. ZoneInference.Table.Select(row => row.Region is null ? row.Country : $"{row.Country}/{row.Region}")];
    public static readonly string[] ZoneTimeZone = [.. ZoneInference.Table.Select(row => row.TimeZone)];
    public static readonly string[] ZoneSource = [.. ZoneInference.Table.Select(row => row.Source.Word())];
}
