using CampaignHub.Server.Operations.Doctor;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Postgres;
using CampaignHub.Server.Relays;
using CampaignHub.Server.Tests.Platform;
using CampaignHub.Server.Tests.Relays;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Npgsql;

namespace CampaignHub.Server.Tests.Operations.Doctor;

/// <summary>What the doctor says to whoever is on call, of a running service with a database of its own.</summary>
public sealed class DoctorTests
{
    [Fact]
    public async Task A_service_in_good_health_is_well_and_its_database_unchanged()
    {
        await using var service = await TestService.StartAsync();
        await using var scenario = await Scenario.StartAsync(service);
        await scenario.AddAsync("ann@mail.example");
        var campaign = await scenario.DraftAsync(new { strategy = "instant", at = "2099-01-01T10:00:00Z" });
        await scenario.LaunchAsync(campaign);
        await Eventually.Async(() => service.HasRowAsync("SELECT FROM campaignhub.campaigns WHERE status = 'scheduled'"), "it is launched");
        await Eventually.Async(() => service.HasRowAsync("SELECT FROM hangfire.server"), "Hangfire's server is known");

        var run = await RunAsync(service);

        (run.Status, run.Errors).ShouldBe((0, ""), run.Output);
        run.Output.TrimEnd().ShouldEndWith("All well.");
        run.Output.ShouldMatch(@"scheduled +1 +0 +in \d+ d");
        run.Output.ShouldContain(campaign.ToString());
        run.Output.ShouldMatch(@"\d{4}_\w+\.sql");
        run.Output.ShouldNotContain("@");
        run.Output.ShouldNotContain("\u001b"); // no colours in a pipe
    }

    [Fact]
    public async Task Each_finding_says_what_to_do_and_the_status_is_1()
    {
        await using var service = await TestService.StartAsync("--CampaignHub:Role=api");
        await using var scenario = await Scenario.StartAsync(service);
        var paused = await StoredRelay.MakeAsync(service);
        await paused.DoAsync(async transaction => await RelayStandingStore.NotePausedAsync(
            transaction, (await RelayStore.FindAsync(transaction, paused.Id))!, "535 5.7.8 no login for ann@shop.example.", service.Get<IClock>().GetCurrentInstant()));
        var seed = await SendingAsync(service);
        await service.SqlAsync($"""
            UPDATE campaignhub.plan_zones SET due_at = clock_timestamp() - interval '3 hours';
            UPDATE campaignhub.deliveries SET state = 'scheduled' WHERE delivery_id IN ('{seed.Deliveries[0]}', '{seed.Deliveries[1]}');
            UPDATE campaignhub.deliveries SET state = 'uncertain', updated_at = clock_timestamp() - interval '5 minutes' WHERE delivery_id = '{seed.Deliveries[2]}';
            UPDATE campaignhub.deliveries SET state = 'held' WHERE delivery_id = '{seed.Deliveries[3]}';
            """);

        var run = await RunAsync(service);

        run.Status.ShouldBe(1);
        run.Output.ShouldContain($"Relay {paused.Id} of tenant {paused.Tenant.Id} is paused: 535 5.7.8 no login for (address): its owner mends that");
        run.Output.ShouldContain($"2 deliveries due of campaign {seed.CampaignId}, the first for 3 h, and nobody has claimed any: see how");
        run.Output.ShouldContain($"1 delivery of campaign {seed.CampaignId} uncertain for 5 min: start a worker");
        run.Output.ShouldContain("no worker has been heard from for two minutes: start a service");
        run.Output.ShouldNotContain("All well");
        run.Output.ShouldMatch($@"{seed.CampaignId} +{seed.Tenant.Id} +sending +2 +0 +0 +1 +1");
    }

    [Fact]
    public async Task Leases_that_ran_out_overdue_waves_and_events_that_stand_still_are_found()
    {
        await using var service = await TestService.StartAsync("--CampaignHub:Role=api");
        var seed = await SendingAsync(service);
        var node = Guid.CreateVersion7();
        await service.SqlAsync($"""
            INSERT INTO campaignhub.leases (tenant_id, token, campaign_id, node_id, until, delivery_ids)
            VALUES ('{seed.Tenant.Id}', '{node}', '{seed.CampaignId}', '{node}', clock_timestamp() - interval '4 minutes', ARRAY['{seed.Deliveries[0]}'::uuid]);
            UPDATE campaignhub.deliveries SET state = 'scheduled', lease_token = '{node}' WHERE delivery_id = '{seed.Deliveries[0]}';
            INSERT INTO campaignhub.waves (tenant_id, wave_id, campaign_id, due_at, recipients)
            VALUES ('{seed.Tenant.Id}', gen_random_uuid(), '{seed.CampaignId}', clock_timestamp() - interval '10 minutes', 1);
            INSERT INTO campaignhub.events (tenant_id, event_id, received_at, at, type)
            VALUES ('{seed.Tenant.Id}', gen_random_uuid(), clock_timestamp() - interval '20 minutes', clock_timestamp(), 'delivery.opened');
            """);

        var run = await RunAsync(service);

        run.Status.ShouldBe(1);
        run.Output.ShouldContain($"Leases of node {node} ran out 4 min ago");
        run.Output.ShouldContain("1 wave overdue, the oldest for 10 min: start a worker");
        run.Output.ShouldContain("1 event without a number, the oldest for 20 min: see that a worker runs");
    }

    [Fact]
    public async Task A_clock_that_is_apart_from_the_databases_is_found()
    {
        await using var service = await TestService.StartAsync();

        var examination = await Examination.MakeAsync(service.ConnectionString, service.Get<IClock>(), new LateClock(), null, default);

        examination.Findings.ShouldContain(finding => finding.What.Contains("90 s apart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_works_as_a_login_that_row_level_security_binds()
    {
        await using var service = await TestService.StartAsync("--CampaignHub:Role=api");
        var seed = await SendingAsync(service);
        await service.SqlAsync($"UPDATE campaignhub.deliveries SET state = 'scheduled' WHERE delivery_id = '{seed.Deliveries[0]}'");
        var login = "doctor_" + Guid.CreateVersion7().ToString("N");
        await service.SqlAsync($"""
            CREATE ROLE {login} LOGIN; GRANT campaignhub_service, campaignhub_lookup TO {login};
            GRANT USAGE ON SCHEMA campaignhub TO {login}; GRANT SELECT ON campaignhub.schema_versions TO {login};
            GRANT USAGE ON SCHEMA hangfire TO {login}; GRANT SELECT ON hangfire.server TO {login};
            """);
        var examination = await Examination.MakeAsync(
            new NpgsqlConnectionStringBuilder(service.ConnectionString) { Username = login }.ConnectionString, service.Get<IClock>(), TimeProvider.System, null, default);

        examination.Sections[0].Rows.ShouldHaveSingleItem().Take(2).ShouldBe(["scheduled", "1"]);
        await service.SqlAsync($"DROP OWNED BY {login}; DROP ROLE {login}");
    }

    [Fact]
    public async Task Without_anything_to_look_at_it_says_so_and_the_status_is_2()
    {
        using var place = new TemporaryDirectory();
        (await RunAsync(("CampaignHub__DataDirectory", place.PathOf("absent")))).ShouldSatisfyAllConditions(
            run => run.Status.ShouldBe(2),
            run => run.Errors.ShouldContain("is no data directory of a service"),
            _ => Directory.Exists(place.PathOf("absent")).ShouldBeFalse());
        using (DataDirectory.Open(place.FullPath))
            (await RunAsync(("CampaignHub__DataDirectory", place.FullPath))).ShouldSatisfyAllConditions(
                run => run.Status.ShouldBe(2), run => run.Errors.ShouldStartWith("No service runs here"));
        (await RunAsync(("ConnectionStrings__CampaignHub", await TestCluster.NewDatabaseAsync()))).ShouldSatisfyAllConditions(
            run => run.Status.ShouldBe(2), run => run.Errors.ShouldContain("holds no CampaignHub yet"));
        (await RunAsync(("ConnectionStrings__CampaignHub", "Host=127.0.0.1;Port=1;Database=shop;Username=me;Password=secret"))).ShouldSatisfyAllConditions(
            run => run.Status.ShouldBe(2), run => run.Errors.ShouldStartWith("Cannot use the database shop"), run => run.Errors.ShouldNotContain("secret"));
    }

    [Fact]
    public async Task Beside_the_built_in_database_it_starts_and_stops_nothing()
    {
        using var place = new TemporaryDirectory();
        using var directory = DataDirectory.Open(place.FullPath);
        var server = await EmbeddedPostgres.StartAsync(directory, NullLogger.Instance, default);
        try
        {
            await new CampaignHub.Server.Platform.Migrations.SchemaMigrator(server.ConnectionString, NullLogger.Instance).ApplyAsync(default);
            var running = server.ServerProcessId;

            (await RunAsync(("CampaignHub__DataDirectory", place.FullPath))).Output.ShouldEndWith("All well.\n");

            server.ServerProcessId.ShouldBe(running);
        }
        finally
        {
            await server.DeleteAsync();
        }
    }

    /// <summary>A campaign that is under way; nobody works here who would finish it.</summary>
    private static async Task<Seed> SendingAsync(TestService service)
    {
        var seed = await Seed.SentAsync(service);
        await service.SqlAsync($"UPDATE campaignhub.campaigns SET status = 'sending' WHERE campaign_id = '{seed.CampaignId}'");
        return seed;
    }

    private static Task<VerbRun> RunAsync(TestService service) => RunAsync(("ConnectionStrings__CampaignHub", service.ConnectionString));

    private static Task<VerbRun> RunAsync(params (string Name, string Value)[] settings) =>
        VerbRun.MakeAsync(settings.ToDictionary(s => s.Name, s => s.Value), "doctor");

    /// <summary>A machine whose clock is a minute and a half behind.</summary>
    private sealed class LateClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - TimeSpan.FromSeconds(90);
    }
}
