using System.Globalization;
using CampaignHub.Server.Relays;

namespace CampaignHub.Server.Operations.Doctor;

/// <summary>How relays stand: those that are used now, and those with something against them.</summary>
internal static class RelaySection
{
    private const int Shown = 50;

    public static async Task<Section> ExamineAsync(Snapshot snapshot)
    {
        var relays = await snapshot.QueryAsync<StandingRelay>($"""
            SELECT tenant_id, relay_id, enabled, max_connections, max_per_second, paused_reason,
                   extract(epoch FROM ({RelayStandingStore.RestingUntil}) - clock_timestamp())::float8 AS resting_seconds,
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
            Findings = [.. relays.Where(relay => relay.Standing == "paused").Select(Finding)],
        };
    }

    private static string[] Row(StandingRelay relay) =>
    [
        relay.RelayId.ToString(), relay.TenantId.ToString(), relay.Standing,
        relay.RestingSeconds is { } seconds ? Words.Length(seconds) : "–", relay.Pace.ToString("0 %", CultureInfo.InvariantCulture),
        Words.Number(relay.MaxConnections), relay.MaxPerSecond is { } rate ? Words.Number(rate) : "–", Words.Number(relay.Nodes),
    ];

    private static Finding Finding(StandingRelay relay) => new(
        $"Relay {relay.RelayId} of tenant {relay.TenantId} is paused: {Words.WithoutAddresses(relay.PausedReason!)}",
        $"its owner mends that and asks for POST /v1/relays/{relay.RelayId}/check, which lifts the pause");

    private sealed record StandingRelay
    {
        public Guid TenantId { get; init; }

        public Guid RelayId { get; init; }

        public bool Enabled { get; init; }

        public int MaxConnections { get; init; }

        public int? MaxPerSecond { get; init; }

        public string? PausedReason { get; init; }

        public double? RestingSeconds { get; init; }

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
