using System.Globalization;
using CampaignHub.Server.Relays;

namespace CampaignHub.Server.Operations.Doctor;

/// <summary>How relays stand: those that are used now, and those with something against them.</summary>
internal static class RelaySection
{
    private const int Shown = 50;

    /// <summary>Failures in a row, from which on it is no hiccup: the relay rests for 16 seconds and more.</summary>
    private const int ManyFailures = 4;

    public static async Task<Section> ExamineAsync(Snapshot snapshot)
    {
        var relays = await snapshot.QueryAsync<StandingRelay>($"""
            SELECT tenant_id, relay_id, enabled, max_connections, max_per_second, paused_reason,
                   extract(epoch FROM ({RelayStandingStore.RestingUntil}) - clock_timestamp())::float8 AS resting_seconds,
                   coalesce(failures, 0) AS failures, coalesce(quota_until > clock_timestamp(), false) AS quota_is_used_up,
                   {RelayStandingStore.Pace} AS pace,
                   (SELECT count(*) FROM relay_nodes n WHERE n.tenant_id = relays.tenant_id AND n.relay_id = relays.relay_id
                       AND n.seen_at > clock_timestamp() - interval '15 seconds') AS nodes
            FROM relays LEFT JOIN relay_standing USING (tenant_id, relay_id)
            ORDER BY tenant_id, relay_id
            """);
        var told = relays.Where(relay => relay.Nodes > 0 || relay.Standing is not ("good" or "disabled")).ToList();
        return new Section("Relays",
            $"{Words.Count(relays.Count, "relay")}, {Words.Number(relays.Count(r => r.Nodes > 0))} of them in use, {Words.Number(relays.Count(r => r.Standing == "disabled"))} disabled."
            + (told.Count > Shown ? $" The first {Shown} that are used or don't stand well:" : ""))
        {
            Columns = ["relay", "tenant", "standing", ">rests for", ">pace", ">connections", ">per second", ">nodes"],
            Rows = [.. told.Take(Shown).Select(Row)],
            Findings = [.. relays.Where(relay => relay.Enabled).Select(Finding).OfType<Finding>()],
        };
    }

    private static string[] Row(StandingRelay relay) =>
    [
        relay.RelayId.ToString(), relay.TenantId.ToString(), relay.Standing,
        relay.RestingSeconds is { } seconds ? Words.Length(seconds) : "–", relay.Pace.ToString("0 %", CultureInfo.InvariantCulture),
        Words.Number(relay.MaxConnections), relay.MaxPerSecond is { } rate ? Words.Number(rate) : "–", Words.Number(relay.Nodes),
    ];

    private static Finding? Finding(StandingRelay relay)
    {
        var (name, check) = ($"Relay {relay.RelayId} of tenant {relay.TenantId}", $"POST /v1/relays/{relay.RelayId}/check");
        return relay switch
        {
            { PausedReason: { } reason } => new($"{name} is paused: {Words.WithoutAddresses(reason)}", $"its owner mends that and asks for {check}, which lifts the pause"),
            { QuotaIsUsedUp: true } => new($"{name} has used up its provider's quota and rests for {Words.Length(relay.RestingSeconds!.Value)}",
                "its owner has the provider raise the quota, or adds a relay; else its mail waits"),
            { Failures: >= ManyFailures } => new($"{name} has failed {relay.Failures} times in a row", $"its owner asks for {check}, which says what is in the way"),
            _ => null,
        };
    }

    private sealed record StandingRelay
    {
        public Guid TenantId { get; init; }

        public Guid RelayId { get; init; }

        public bool Enabled { get; init; }

        public int MaxConnections { get; init; }

        public int? MaxPerSecond { get; init; }

        public string? PausedReason { get; init; }

        public double? RestingSeconds { get; init; }

        public int Failures { get; init; }

        public bool QuotaIsUsedUp { get; init; }

        public double Pace { get; init; }

        public long Nodes { get; init; }

        public string Standing => this switch
        {
            { Enabled: false } => "disabled",
            { PausedReason: not null } => "paused",
            { RestingSeconds: not null } => "resting",
            { Pace: < 1 } => "slowed",
            _ => "good",
        };
    }
}
