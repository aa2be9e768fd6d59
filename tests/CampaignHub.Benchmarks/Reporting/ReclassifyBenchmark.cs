using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CampaignHub.Benchmarks.Sending;
using CampaignHub.Server.Reports;

namespace CampaignHub.Benchmarks.Reporting;

/// <summary>
/// Judges a campaign's hits again, of which each was judged by older rules and many are of another class now, beside one statement
/// that rewrites the same hits and events and does nothing else. In the end the roll-ups are held against the events.
/// </summary>
internal static class ReclassifyBenchmark
{
    /// <param name="events">Of the campaign; half of them are of hits.</param>
    /// <param name="profile">Also print the statements that took the most time.</param>
    public static async Task<int> RunAsync(int events, bool profile)
    {
        await using var service = await ServiceUnderTest.StartAsync(profile ? SlowStatements.Library : null);
        var tenantId = await service.NewTenantAsync();
        var campaign = await new ReportSeed(service.Database, tenantId).LayAsync("Reclassified", events);
        await FoldedAsync(service.Database, tenantId);
        await service.Database.ExecuteAsync("VACUUM ANALYZE");

        var plain = Stopwatch.StartNew();
        await service.Database.ExecuteAsync("UPDATE campaignhub.hits SET rule_set = 0 WHERE tenant_id = $1", tenantId);
        await service.Database.ExecuteAsync("UPDATE campaignhub.events SET reason = 'once' WHERE tenant_id = $1 AND type IN ('delivery.opened', 'delivery.clicked')", tenantId);
        plain.Stop();
        await service.Database.ExecuteAsync("VACUUM ANALYZE");
        if (profile)
            await SlowStatements.BeginAsync(service.Database);

        var watch = Stopwatch.StartNew();
        var path = $"/v1/campaigns/{campaign}/reclass";
        (await service.Http.PostAsync(path + "ify", null)).EnsureSuccessStatusCode();
        JsonNode view;
        while ((view = (await service.Http.GetFromJsonAsync<JsonNode>(path + "ification"))!)["status"]!.GetValue<string>() != "finished")
            await Task.Delay(100);
        watch.Stop();

        var hits = view["hits"]!.GetValue<long>();
        Console.WriteLine($"{hits:N0} hits judged again in {watch.Elapsed.TotalSeconds:0.0} s, {view["changed"]} of another class: {hits / watch.Elapsed.TotalSeconds:N0} a second");
        Console.WriteLine($"a plain rewrite of the same rows took {plain.Elapsed.TotalSeconds:0.0} s: judging takes {watch.Elapsed / plain.Elapsed:0.0} times as long");
        if (profile)
            await SlowStatements.PrintAsync(service.Database);
        await using var database = new Server.Platform.Database.Database(service.ConnectionString);
        var verification = new RollupVerification(database, difference => Console.WriteLine(difference), CancellationToken.None);
        await verification.RunAsync();
        Console.WriteLine($"{verification.Events:N0} events recounted, {verification.Differences} differences");
        return verification.Differences == 0 ? 0 : 1;
    }

    private static async Task FoldedAsync(Database database, Guid tenantId)
    {
        while (!await database.ReadOneAsync<bool>("""
            SELECT coalesce((SELECT folded_through FROM campaignhub.report_cursors WHERE tenant_id = $1), 0) = last_sequence
            FROM campaignhub.event_sequences WHERE tenant_id = $1
            """, tenantId))
            await Task.Delay(200);
    }
}
