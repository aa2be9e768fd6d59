using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Reports;
using CampaignHub.Server.Reports.Reclassifying;
using CampaignHub.Server.Tests.Operations;
using CampaignHub.Server.Tests.Tracking;
using NodaTime;

namespace CampaignHub.Server.Tests.Reports.Reclassifying;

/// <summary>Hits judged again, and reports held against the events as they are then.</summary>
public sealed class ReclassifyTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private static readonly string[] Links = ["https://shop.example/0", "https://shop.example/1", "https://shop.example/2", "https://shop.example/3", "https://shop.example/4"];

    private readonly TestService service = fixture.Service;

    private Database Database => service.Get<Database>();

    [Fact]
    public async Task What_was_judged_otherwise_is_judged_anew_and_reports_move_by_the_difference_while_events_come_in()
    {
        var seed = await Seed.SentAsync(service, 307, Links);
        var old = new OldHits(seed, Database);
        await old.LayAsync(3_000);
        var before = await seed.FoldedReportAsync(service);
        var writing = new LateWriters(service, await Seed.SentAsync(service, 20)).WriteAsync(2);
        var asked = await seed.Tenant.Http.PostAsync($"/v1/campaigns/{seed.CampaignId}/reclassify", new { }, HttpStatusCode.Accepted);
        asked["status"]!.GetValue<string>().ShouldBe("queued");
        var done = await FinishedAsync(seed);
        await writing;
        done["rule_set"]!.GetValue<int>().ShouldBe(HitRules.Version);
        done["hits"]!.GetValue<long>().ShouldBe(3_000);
        done["changed"]!.GetValue<long>().ShouldBe(done["changes"]!.AsArray().Sum(c => c!["hits"]!.GetValue<long>()));
        done["changes"]!.AsArray().ShouldContain(c => c!["from"]!.GetValue<string>() == "human" && c["to"]!.GetValue<string>() == "machine" && c["reason"]!.GetValue<string>() == "ua_library");
        await old.ShouldBeJudgedByTodaysRulesAsync();
        (await Folding.DifferencesAsync(Database)).ShouldBeEmpty();
        var after = await seed.FoldedReportAsync(service);
        after["opens"]!["all"]!.ToJsonString().ShouldBe(before["opens"]!["all"]!.ToJsonString());
        after["opens"]!["human"]!.ToJsonString().ShouldNotBe(before["opens"]!["human"]!.ToJsonString());

        await seed.Tenant.Http.PostAsync($"/v1/campaigns/{seed.CampaignId}/reclassify", new { }, HttpStatusCode.Accepted);
        var again = await FinishedAsync(seed);
        again["hits"]!.GetValue<long>().ShouldBe(3_000);
        again["changed"]!.GetValue<long>().ShouldBe(0);
    }

    [Fact]
    public async Task Broken_off_anywhere_it_comes_to_the_same_as_in_one_go()
    {
        await using var quiet = await TestService.StartAsync("--CampaignHub:Role=api");
        var database = quiet.Get<Database>();
        var seed = await Seed.SentAsync(quiet, 701, Links);
        await new OldHits(seed, database).LayAsync(5_000);
        await NumberAsync(database, seed);
        await seed.Tenant.Http.PostAsync($"/v1/campaigns/{seed.CampaignId}/reclassify", new { }, HttpStatusCode.Accepted);
        var (random, brokenOff, steps) = (new Random(1), 0, 0);
        for (var more = true; more;)
        {
            await using var transaction = await database.BeginAsync(seed.Tenant.Id, CancellationToken.None);
            (await RollupStore.TryLockAsync(transaction)).ShouldBeTrue();
            more = await Rejudging.WorkAsync(transaction, quiet.Get<IClock>().GetCurrentInstant());
            if (random.Next(2) == 0)
                (more, brokenOff) = (true, brokenOff + 1);
            else
                await transaction.CommitAsync();
            // What comes in meanwhile is folded by whoever is next.
            if (steps++ < 5)
            {
                await new OldHits(seed, database).LayAsync(40);
                await NumberAsync(database, seed);
            }
        }
        brokenOff.ShouldBeGreaterThan(1);
        (await Folding.DifferencesAsync(database)).ShouldBeEmpty();
        var counted = await OldHits.CountedAsync(seed, database);
        // The same once through, from nothing: forgotten, and folded from the events as they are now.
        foreach (var table in (string[])["rollups", "first_hits", "report_cursors"])
            await seed.SqlAsync(quiet, $"DELETE FROM {table} WHERE tenant_id = @TenantId");
        for (var more = true; more;)
        {
            await using var transaction = await database.BeginAsync(seed.Tenant.Id, CancellationToken.None);
            more = await RollupStore.FoldAsync(transaction);
            await transaction.CommitAsync();
        }
        string.Join('\n', (await OldHits.CountedAsync(seed, database)).Except(counted)).ShouldBeEmpty();
        string.Join('\n', counted.Except(await OldHits.CountedAsync(seed, database))).ShouldBeEmpty();
        var view = await seed.Tenant.Http.GetJsonAsync($"/v1/campaigns/{seed.CampaignId}/reclassification");
        view["status"]!.GetValue<string>().ShouldBe("finished");
    }

    [Fact]
    public async Task Killed_while_it_judges_nothing_is_counted_twice_or_lost()
    {
        await using var child = await ChildService.StartAsync();
        await using var database = new Database(child.ConnectionString);
        var seed = await Seed.SentAsync(child, 2_003, Links);
        var old = new OldHits(seed, database);
        await old.LayAsync(5_000);
        // What isn't in the log yet is taken for judged just now, and these were laid by rules of another day.
        await NumberAsync(database, seed);
        await Eventually.Async(
            () => seed.Tenant.Http.GetJsonAsync($"/v1/campaigns/{seed.CampaignId}/report"),
            report => report["clicks"]!["all"]!["hits"]!.GetValue<long>() > 0, "folding has begun");
        await seed.Tenant.Http.PostAsync($"/v1/campaigns/{seed.CampaignId}/reclassify", new { }, HttpStatusCode.Accepted);
        foreach (var until in (int[])[1, 1_200, 3_000])
        {
            await Eventually.Async(() => ViewAsync(seed), view => view["hits"]!.GetValue<long>() >= until, "it is at work");
            await child.KillAsync();
            await child.StartAgainAsync();
        }
        var done = await FinishedAsync(seed);
        done["hits"]!.GetValue<long>().ShouldBe(5_000);
        await old.ShouldBeJudgedByTodaysRulesAsync();
        var run = await VerbRun.MakeAsync(new Dictionary<string, string> { ["ConnectionStrings__CampaignHub"] = child.ConnectionString }, "verify-rollups");
        run.Status.ShouldBe(0, run.Output + run.Errors);
    }

    [Fact]
    public async Task The_feed_tells_nothing_twice_and_whoever_reads_it_anew_sees_the_class_of_today()
    {
        var seed = await Seed.SentAsync(service, 2, Links);
        var old = new OldHits(seed, Database);
        await old.LayAsync(40);
        await seed.FoldedReportAsync(service);
        var feed = new Feed(seed.Tenant.Http);
        await feed.ReadUntilAsync(40);
        await seed.Tenant.Http.PostAsync($"/v1/campaigns/{seed.CampaignId}/reclassify", new { }, HttpStatusCode.Accepted);
        await FinishedAsync(seed);
        (await feed.ReadAsync()).ShouldBe(0);
        var anew = new Feed(seed.Tenant.Http);
        await anew.ReadUntilAsync(40);
        anew.Values("id").ShouldBe(feed.Values("id"));
        anew.Values("reason").ShouldNotContain("once");
    }

    [Fact]
    public async Task The_clicks_of_a_burst_whose_last_comes_late_are_a_machines_in_the_end()
    {
        var seed = await Seed.SentAsync(service, 1, Links);
        await LayClicksAsync(seed, 0, 1, 2, 3);
        var feed = new Feed(seed.Tenant.Http);
        await feed.ReadUntilAsync(4);
        feed.Values("class").ShouldAllBe(word => word == "human");
        // From a spool, minutes later.
        await LayClicksAsync(seed, 4);
        await feed.ReadUntilAsync(5);
        feed.Seen[4]["reason"]!.GetValue<string>().ShouldBe("link_burst");
        (await seed.FoldedReportAsync(service))["clicks"]!["human"]!["hits"]!.GetValue<long>().ShouldBe(4);

        await seed.Tenant.Http.PostAsync($"/v1/campaigns/{seed.CampaignId}/reclassify", new { }, HttpStatusCode.Accepted);
        var done = await FinishedAsync(seed);
        done["changes"]!.ToJsonString().ShouldBe("""[{"from":"human","to":"machine","reason":"link_burst","hits":4}]""");
        var clicks = (await seed.FoldedReportAsync(service))["clicks"]!;
        (clicks["human"]!["hits"]!.GetValue<long>(), clicks["human"]!["unique"]!.GetValue<long>(), clicks["all"]!["unique"]!.GetValue<long>()).ShouldBe((0, 0, 1));
        (await Folding.DifferencesAsync(Database)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_click_that_older_rules_took_for_a_persons_is_suspected_once_it_is_known_to_be_too_soon()
    {
        var seed = await Seed.SentAsync(service, 1, Links);
        await LayClicksAsync(seed, 0);
        var feed = new Feed(seed.Tenant.Http);
        await feed.ReadUntilAsync(1);
        feed.Values("reason").ShouldBe(["none"]);
        await seed.FoldedReportAsync(service);
        await seed.SqlAsync(service, "UPDATE deliveries SET updated_at = '2026-11-27T08:59:58Z' WHERE tenant_id = @TenantId");

        await seed.Tenant.Http.PostAsync($"/v1/campaigns/{seed.CampaignId}/reclassify", new { }, HttpStatusCode.Accepted);
        (await FinishedAsync(seed))["changes"]!.ToJsonString().ShouldBe("""[{"from":"human","to":"suspected","reason":"too_soon","hits":1}]""");
        (await seed.FoldedReportAsync(service))["clicks"]!["human"]!["unique"]!.GetValue<long>().ShouldBe(0);
        (await Folding.DifferencesAsync(Database)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Before_a_launch_there_is_nothing_to_judge()
    {
        var draft = (await service.Http.PostAsync("/v1/campaigns", new { name = "x" }, HttpStatusCode.Created))["id"]!.GetValue<string>();
        (await service.Http.PostAsync($"/v1/campaigns/{draft}/reclassify", new { }, HttpStatusCode.Conflict)).ProblemType().ShouldBe("state_conflict");
        await service.Http.GetAsync($"/v1/campaigns/{draft}/reclassification").ExpectAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_verb_judges_every_campaign_and_once_broken_off_goes_on_with_what_is_left()
    {
        await using var quiet = await TestService.StartAsync("--CampaignHub:Role=api");
        var database = quiet.Get<Database>();
        var settings = new Dictionary<string, string> { ["ConnectionStrings__CampaignHub"] = quiet.ConnectionString };
        Seed[] seeds = [await Seed.SentAsync(quiet, 11, Links), await Seed.SentAsync(quiet, 11, Links)];
        foreach (var seed in seeds)
        {
            await new OldHits(seed, database).LayAsync(100);
            await NumberAsync(database, seed);
        }
        var run = await VerbRun.MakeAsync(settings, "reclassify");
        run.Status.ShouldBe(0, run.Errors);
        run.Output.ShouldContain($"tenant {seeds[0].Tenant.Id}: 1 campaigns left\n");
        run.Output.ShouldContain("200 hits of 2 campaigns judged again, ");
        foreach (var seed in seeds)
            await new OldHits(seed, database).ShouldBeJudgedByTodaysRulesAsync();
        (await Folding.DifferencesAsync(database)).ShouldBeEmpty();

        // As if the second had been broken off before its end: it alone is gone through once more.
        await seeds[1].SqlAsync(quiet, "UPDATE reclassifications SET finished_at = NULL, hits = 0, after_delivery = NULL WHERE tenant_id = @TenantId");
        await seeds[0].SqlAsync(quiet, "UPDATE reclassifications SET hits = 77 WHERE tenant_id = @TenantId");
        (await VerbRun.MakeAsync(settings, "reclassify")).Output.ShouldContain("177 hits of 2 campaigns judged again, ");
    }

    private static Task<JsonObject> ViewAsync(Seed seed) => seed.Tenant.Http.GetJsonAsync($"/v1/campaigns/{seed.CampaignId}/reclassification");

    private static Task<JsonObject> FinishedAsync(Seed seed) =>
        Eventually.Async(() => ViewAsync(seed), view => view["status"]!.GetValue<string>() == "finished", "all is judged again");

    private static async Task NumberAsync(Database database, Seed seed)
    {
        for (var more = true; more;)
        {
            await using var transaction = await database.BeginAsync(seed.Tenant.Id, CancellationToken.None);
            more = await EventLog.SequenceAsync(transaction);
            await transaction.CommitAsync();
        }
    }

    private async Task LayClicksAsync(Seed seed, params int[] links)
    {
        foreach (var link in links)
            await seed.SqlAsync(service, $"""
                INSERT INTO hits (tenant_id, hit_id, received_at, kind, campaign_id, delivery_id, link_index, method, user_agent, x_moz)
                VALUES (@TenantId, gen_random_uuid(), timestamptz '2026-11-27T09:00:00Z' + {link} * interval '100 milliseconds', 'click', @CampaignId, '{seed.Deliveries[0]}', {link}, 'GET', '{Browser.Chrome}', false)
                """);
    }
}
