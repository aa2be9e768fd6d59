using CampaignHub.Core;
using CampaignHub.Core.Audience;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>Core's tables of consent and zones as columns, so that SQL joins them instead of knowing their rules itself.</summary>
internal static class MergeRules
{
    private static readonly IReadOnlyList<ConsentRow> Consent = ConsentTable.Rows(ConsentChannel.Data);

    public static readonly string[] RuleCurrent = [.. Consent.Select(row => row.Current?.Word() ?? "none")];
    public static readonly string[] RuleStatement = [.. Consent.Select(row => row.Statement.Word())];
    public static readonly bool[] RuleSameOrigin = [.. Consent.Select(row => row.SameOrigin)];
    public static readonly string[] RuleOrder = [.. Consent.Select(row => row.Order.Word())];
    public static readonly string[] RuleStatus = [.. Consent.Select(row => row.Decision.Status.Word())];
    public static readonly bool[] RuleTakes = [.. Consent.Select(row => row.Decision.TakesStatement)];

    public static readonly string[] ZoneCountry = [.. ZoneInference.Table.Select(row => row.Country)];
    public static readonly string?[] ZoneRegion = [.. ZoneInference.Table.Select(row => row.Region)];
    public static readonly string[] ZoneTimeZone = [.. ZoneInference.Table.Select(row => row.TimeZone)];
    public static readonly string[] ZoneSource = [.. ZoneInference.Table.Select(row => row.Source.Word())];
}
