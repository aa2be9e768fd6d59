using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform;
using Npgsql;

namespace CampaignHub.Server.Tests.Reports;

/// <summary>The dashboard in docs/grafana.json against what the service has: no panel of it may be empty for a wrong name.</summary>
public sealed partial class GrafanaTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService service = fixture.Service;

    private static JsonNode[] Targets => [.. Dashboard["panels"]!.AsArray().SelectMany(p => p!["targets"]?.AsArray() ?? []).Select(t => t!)];

    private static JsonNode Dashboard => JsonNode.Parse(File.ReadAllText(Path.Combine(Sources.Root, "docs", "grafana.json")))!;

    [Fact]
    public void Every_metric_of_ours_that_it_draws_is_one_that_the_service_has()
    {
        var instruments = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == Telemetry.MeterName)
                    instruments.Add(instrument.Name.Replace('.', '_'));
            },
        };
        listener.Start();
        var drawn = Targets.Select(t => t["expr"]?.GetValue<string>()).OfType<string>().SelectMany(e => Metric().Matches(e).Select(m => m.Value)).Distinct().ToList();
        drawn.Count.ShouldBeGreaterThan(5);
        foreach (var metric in drawn)
            instruments.ShouldContain(instrument => metric == instrument || metric.StartsWith(instrument + "_", StringComparison.Ordinal), metric);
    }

    [Fact]
    public async Task Every_query_runs_for_a_login_that_may_read_the_views_alone_and_sees_all_tenants()
    {
        var (one, other) = (await Seed.SentAsync(service, 1), await Seed.SentAsync(service, 1));
        foreach (var seed in (Seed[])[one, other])
        {
            await seed.AppendAsync(service, (EventTypes.Accepted, "2026-11-27T09:00:00Z", 0, null, null), (EventTypes.Opened, "2026-11-27T10:00:00Z", 0, null, null));
            await seed.FoldedReportAsync(service);
        }
        await service.SqlAsync("""
            CREATE ROLE grafana_of_a_test;
            GRANT USAGE ON SCHEMA campaignhub TO grafana_of_a_test;
            GRANT SELECT ON campaignhub.report_campaigns, campaignhub.report_quarters, campaignhub.report_breakdowns, campaignhub.report_backlog TO grafana_of_a_test;
            """);
        try
        {
            await using var source = NpgsqlDataSource.Create(service.ConnectionString);
            await using var connection = await source.OpenConnectionAsync();
            foreach (var statement in (string[])["SET ROLE grafana_of_a_test", .. Targets.Select(t => t["rawSql"]?.GetValue<string>()).OfType<string>().Select(AsGrafanaAsks)])
                await using (var command = new NpgsqlCommand(statement, connection))
                    await command.ExecuteNonQueryAsync();
            await using (var count = new NpgsqlCommand("SELECT count(DISTINCT tenant_id), sum(opens_human) FROM campaignhub.report_quarters", connection))
            await using (var row = await count.ExecuteReaderAsync())
            {
                await row.ReadAsync();
                row.GetInt64(0).ShouldBeGreaterThanOrEqualTo(2);
            }
            await using var forbidden = new NpgsqlCommand("SELECT count(*) FROM campaignhub.recipients", connection);
            (await Should.ThrowAsync<PostgresException>(forbidden.ExecuteScalarAsync)).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        }
        finally
        {
            await service.SqlAsync("DROP OWNED BY grafana_of_a_test; DROP ROLE grafana_of_a_test");
        }
    }

    private static string AsGrafanaAsks(string sql) => sql
        .Replace("$__timeFilter(at)", "at BETWEEN '2026-11-01T00:00:00Z' AND '2026-12-01T00:00:00Z'", StringComparison.Ordinal)
        .Replace("$tenant", "'Shop'", StringComparison.Ordinal);

    [GeneratedRegex("campaignhub_[a-z_]+")]
    private static partial Regex Metric();
}
