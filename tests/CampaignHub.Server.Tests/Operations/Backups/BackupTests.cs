using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Relays;
using CampaignHub.Server.Tests.Platform;
using CampaignHub.Server.Tests.Tracking;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CampaignHub.Server.Tests.Operations.Backups;

/// <summary>A backup in the middle of a campaign, and what becomes of it in a data directory of its own with a PostgreSQL of its own.</summary>
public sealed class BackupTests : IDisposable
{
    /// <summary>More than is claimed at once.</summary>
    private const int People = 1_000;
    private const string Password = "the relay's own password";

    private readonly TemporaryDirectory _place = new();

    private string File => _place.PathOf("campaignhub.backup");

    private string NewDirectory => _place.PathOf("restored");

    [Fact]
    public async Task A_backup_taken_while_a_campaign_sends_is_restored_with_its_secrets_and_sends_nothing_until_it_is_resumed()
    {
        var (scenario, campaign, relay, token) = await BackUpInMidCampaignAsync();
        await using var end = scenario;
        ((int)System.IO.File.GetUnixFileMode(File)).ShouldBe(Convert.ToInt32("600", 8));
        Directory.GetFileSystemEntries(_place.FullPath).ShouldBe([File]); // and nothing beside it
        var sentBefore = scenario.Sink.MessageCount;
        scenario.Sink.Behaviour.OnMessage = null;

        (await RestoreAsync(File)).ShouldSatisfyAllConditions(run => run.Errors.ShouldBe(""), run => run.Status.ShouldBe(0));

        await using var restored = await StartAsync();
        using var http = Client(restored.Url, scenario.Tenant.Key);
        var paused = await http.GetJsonAsync($"/v1/campaigns/{campaign}");
        paused["status"]!.GetValue<string>().ShouldBe("paused");
        paused["paused_reason"]!.GetValue<string>().ShouldStartWith("Restored from a backup of 20");
        var told = await Eventually.Async(() => http.GetJsonAsync("/v1/events?type=campaign.paused"), page => page["data"]!.AsArray().Count > 0, "the pause is told");
        told["data"]!.AsArray().Single()!["campaign_id"]!.GetValue<Guid>().ShouldBe(campaign);
        (await http.GetAsync(token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PasswordAsync(restored, scenario.Tenant.Id, relay)).ShouldBe(Password);

        await SendAnotherAsync(http, scenario); // the loops are at work, and the paused campaign isn't
        scenario.Sink.MessageCount.ShouldBe(sentBefore + 1);

        await http.PostAsync($"/v1/campaigns/{campaign}/resume", null).ExpectAsync(HttpStatusCode.Accepted);
        var finished = await Eventually.Async(() => http.GetJsonAsync($"/v1/campaigns/{campaign}"), c => c["status"]!.GetValue<string>() == "finished", "the resumed campaign finishes", seconds: 120);
        var states = finished["deliveries"]!.AsObject().ToDictionary(s => s.Key, s => s.Value!.GetValue<int>());
        states.Keys.ShouldBeSubsetOf(["accepted", "held"]);
        states.Values.Sum().ShouldBe(People);
        states["held"].ShouldBe(paused["deliveries"]!["held"]!.GetValue<int>()); // what was claimed when it was backed up
        scenario.Sink.MessageCount.ShouldBeGreaterThan(sentBefore + 1);
    }

    [Fact]
    public async Task What_cannot_be_restored_is_refused_in_one_sentence_and_changes_nothing()
    {
        await using var service = await TestService.StartAsync();
        (await RunAsync(service, "backup", File)).Status.ShouldBe(0);

        (await RunAsync(service, "backup", File)).ShouldBeRefused("is there already");
        (await RunAsync(service, "restore", File)).ShouldBeRefused("is in use by process");
        (await RestoreAsync(_place.PathOf("absent"))).ShouldBeRefused("There is no backup");
        (await RestoreAsync(File, ("ConnectionStrings__CampaignHub", service.ConnectionString))).ShouldBeRefused("The database is not empty");
        System.IO.File.Exists(Path.Combine(NewDirectory, "keyring")).ShouldBeFalse();

        var damaged = _place.PathOf("damaged");
        var bytes = await System.IO.File.ReadAllBytesAsync(File);
        bytes[bytes.Length / 2] ^= 1;
        await System.IO.File.WriteAllBytesAsync(damaged, bytes);
        (await RestoreAsync(damaged)).ShouldBeRefused("is damaged");
        await System.IO.File.WriteAllBytesAsync(damaged, bytes[..(bytes.Length / 2)]);
        (await RestoreAsync(damaged)).ShouldBeRefused("is damaged");
        await System.IO.File.WriteAllTextAsync(damaged, "no tar at all");
        (await RestoreAsync(damaged)).ShouldBeRefused("is damaged");

        var foreign = Path.Combine(NewDirectory, "keyring");
        await System.IO.File.WriteAllTextAsync(foreign, KeyRing.Create(new byte[KeyRing.SecretBytes]).Format());
        var empty = await TestCluster.NewDatabaseAsync();
        (await RestoreAsync(File, ("ConnectionStrings__CampaignHub", empty))).ShouldBeRefused("is not the backup's");
        (await Platform.Postgres.Sql.RunAsync(empty, "SELECT to_regnamespace('campaignhub') IS NULL")).ShouldBe(true);
    }

    [Fact]
    public async Task A_restore_that_was_killed_keeps_services_out_and_is_begun_anew()
    {
        await using var service = await TestService.StartAsync();
        (await RunAsync(service, "backup", File)).Status.ShouldBe(0);
        var target = await TestCluster.NewDatabaseAsync();
        // As it stands when the dump is in, and the campaigns aren't paused yet.
        await Platform.Postgres.Sql.RunAsync(target, "CREATE SCHEMA campaignhub_restore; CREATE SCHEMA campaignhub; CREATE TABLE campaignhub.half (n int)");
        var settings = ("ConnectionStrings__CampaignHub", target);

        (await RunAsync(["migrate"], settings)).ShouldBeRefused("was begun and not finished: run it again");
        (await RestoreAsync(File, settings)).ShouldSatisfyAllConditions(run => run.Errors.ShouldBe(""), run => run.Status.ShouldBe(0));
        (await RunAsync(["migrate"], settings)).Status.ShouldBe(0);
    }

    [Fact]
    public async Task Hits_that_wait_in_the_spool_are_backed_up_and_stored_where_they_are_restored()
    {
        string[] agents = [.. Enumerable.Range(0, 20).Select(n => $"hit {n}")];
        await using (var service = await TestService.StartAsync())
        {
            var seed = await Seed.SentAsync(service);
            using var http = service.Anonymous;
            await http.FetchAsync(seed.Pixel(), agents[0]);
            await using var busy = NpgsqlDataSource.Create(service.ConnectionString);
            await using var connection = await busy.OpenConnectionAsync();
            await using var held = await connection.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand("LOCK TABLE campaignhub.hits IN SHARE MODE", connection))
                await hold.ExecuteNonQueryAsync();
            foreach (var agent in agents[1..])
                (await http.FetchAsync(seed.Pixel(), agent)).Headers.Contains("Tracking-Stored").ShouldBeFalse();
            (await RunAsync(service, "backup", File)).ShouldSatisfyAllConditions(run => run.Errors.ShouldBe(""), run => run.Status.ShouldBe(0));
        }
        var target = await TestCluster.NewDatabaseAsync();

        (await RestoreAsync(File, ("ConnectionStrings__CampaignHub", target))).ShouldSatisfyAllConditions(run => run.Errors.ShouldBe(""), run => run.Status.ShouldBe(0));

        StoredHits.SpoolOf(NewDirectory).ShouldHaveSingleItem();
        await using var restored = await StartAsync($"--ConnectionStrings:CampaignHub={target}");
        await StoredHits.ShouldBecomeAsync(target, NewDirectory, agents);
    }

    [Fact]
    public async Task A_login_that_is_no_superuser_can_do_both()
    {
        var login = "owner_" + Guid.CreateVersion7().ToString("N");
        var (from, to) = (await OwnedDatabaseAsync(login), await OwnedDatabaseAsync(login));
        await using (var owned = await StartAsync($"--ConnectionStrings:CampaignHub={from}", $"--CampaignHub:DataDirectory={_place.PathOf("owned")}"))
            owned.Url.ShouldNotBeNull();
        var there = new[] { ("ConnectionStrings__CampaignHub", from), ("CampaignHub__DataDirectory", _place.PathOf("owned")) };
        (await RunAsync(["backup", File], there)).ShouldBeRefused($"run ALTER ROLE \"{login}\" BYPASSRLS");
        await Platform.Postgres.Sql.RunAsync(await TestCluster.NewDatabaseAsync(), $"ALTER ROLE {login} BYPASSRLS");

        (await RunAsync(["backup", File], there)).ShouldSatisfyAllConditions(run => run.Errors.ShouldBe(""), run => run.Status.ShouldBe(0));
        (await RestoreAsync(File, ("ConnectionStrings__CampaignHub", to))).ShouldSatisfyAllConditions(run => run.Errors.ShouldBe(""), run => run.Status.ShouldBe(0));

        const string owners = "SELECT string_agg(proname || ' ' || pg_get_userbyid(proowner) || ' ' || prosecdef, ',' ORDER BY proname) FROM pg_proc WHERE pronamespace = 'campaignhub'::regnamespace";
        (await Platform.Postgres.Sql.RunAsync(to, owners)).ShouldBe(await Platform.Postgres.Sql.RunAsync(from, owners));
        (await RunAsync(["doctor"], ("ConnectionStrings__CampaignHub", to))).Output.TrimEnd().ShouldEndWith("All well.");
    }

    public void Dispose() => _place.Dispose();

    /// <summary>A campaign to many, backed up while it sends; its service is gone then, with its data directory.</summary>
    private async Task<(Scenario Scenario, Guid Campaign, Guid Relay, string Token)> BackUpInMidCampaignAsync()
    {
        await using var service = await TestService.StartAsync();
        var scenario = await Scenario.StartAsync(service, maxConnections: 1);
        scenario.Sink.Behaviour.OnMessage = _ => SinkReply.Of(250, "2.0.0 ok") with { Delay = TimeSpan.FromMilliseconds(20) };
        await scenario.AddManyAsync(People);
        var secretive = await scenario.Http.PostAsync("/v1/relays",
            new { name = "secretive", host = "smtp.example.com", username = "shop", password = Password, enabled = false }, HttpStatusCode.Created);
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.Sink.WaitForAsync(20, CancellationToken.None);
        (await RunAsync(service, "backup", File)).ShouldSatisfyAllConditions(run => run.Errors.ShouldBe(""), run => run.Status.ShouldBe(0));
        var delivery = (await AnyDeliveryAsync(scenario.Http, campaign))["id"]!.GetValue<Guid>();
        return (scenario, campaign, secretive["id"]!.GetValue<Guid>(), UnsubscribePath(service, scenario.Tenant.Id, delivery));
    }

    private static Task<VerbRun> RunAsync(string[] arguments, params (string Name, string Value)[] settings) =>
        VerbRun.MakeAsync(new Dictionary<string, string>(settings.Select(s => KeyValuePair.Create(s.Name, s.Value))) { ["CampaignHub__LogLevel"] = "Warning" }, arguments);

    private static Task<VerbRun> RunAsync(TestService service, params string[] arguments) => RunAsync(arguments,
        ("ConnectionStrings__CampaignHub", service.ConnectionString), ("CampaignHub__DataDirectory", service.DataDirectory));

    private Task<VerbRun> RestoreAsync(string file, params (string Name, string Value)[] settings) =>
        RunAsync(["restore", file], [("CampaignHub__DataDirectory", NewDirectory), .. settings]);

    private Task<RunningService> StartAsync(params string[] settings) => RunningService.StartAsync(
        ["--urls=http://127.0.0.1:0", $"--CampaignHub:DataDirectory={NewDirectory}", "--CampaignHub:LogLevel=Warning", .. settings], CancellationToken.None);

    private static async Task<string> OwnedDatabaseAsync(string login)
    {
        var database = await TestCluster.NewDatabaseAsync();
        await Platform.Postgres.Sql.RunAsync(database, $"""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{login}') THEN CREATE ROLE {login} LOGIN CREATEROLE; END IF;
                EXECUTE format('GRANT CREATE ON DATABASE %I TO {login}', current_database());
            END $$
            """);
        return new Npgsql.NpgsqlConnectionStringBuilder(database) { Username = login }.ConnectionString;
    }

    private static string UnsubscribePath(TestService service, Guid tenantId, Guid deliveryId) => "/u/" + TrackingToken.Unsubscribe(tenantId, deliveryId)
        .Write(service.Get<KeyRing>().Derive(tenantId, KeyPurpose.Tracking, TrackingToken.KeyBytes));

    private static async Task<JsonObject> AnyDeliveryAsync(HttpClient http, Guid campaign) =>
        (await http.GetJsonAsync($"/v1/campaigns/{campaign}/deliveries?limit=1"))["data"]![0]!.AsObject();

    private static async Task<string?> PasswordAsync(RunningService service, Guid tenantId, Guid relayId)
    {
        await using var transaction = await service.Services.GetRequiredService<Database>().BeginAsync(tenantId, CancellationToken.None);
        return (await RelayStore.FindOpenAsync(transaction, service.Services.GetRequiredService<KeyRing>(), relayId))!.Password;
    }

    private static async Task SendAnotherAsync(HttpClient http, Scenario scenario)
    {
        var list = await http.PostAsync("/v1/lists", new { name = "another" }, HttpStatusCode.Created);
        await http.PostAsync("/v1/recipients", new { email = "another@mail.example", lists = (Guid[])[list["id"]!.GetValue<Guid>()] }, HttpStatusCode.Created);
        var campaign = await http.PostAsync("/v1/campaigns", new
        {
            name = "Another",
            subject = "Another",
            from = new { name = "Shop", email = "news@shop.example" },
            html = "<p>Hi</p>",
            audience = new { list_ids = (Guid[])[list["id"]!.GetValue<Guid>()] },
            schedule = new { strategy = "now" },
        }, HttpStatusCode.Created);
        await http.PostAsync($"/v1/campaigns/{campaign["id"]}/launch", null).ExpectAsync(HttpStatusCode.Accepted);
        await Eventually.Async(() => http.GetJsonAsync($"/v1/campaigns/{campaign["id"]}"), c => c["status"]!.GetValue<string>() == "finished", "another campaign finishes");
        scenario.Sink.Messages.ShouldContain(message => message.Recipients.Contains("another@mail.example"));
    }

    private static HttpClient Client(Uri url, string key)
    {
#pragma warning disable RS0030 // Tests call the service on this machine; nothing needs guarding.
        var client = new HttpClient { BaseAddress = url };
#pragma warning restore RS0030
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return client;
    }
}

internal static class Refusals
{
    /// <summary>One line that says so, and exit status 1.</summary>
    public static void ShouldBeRefused(this VerbRun run, string sentence) => run.ShouldSatisfyAllConditions(
        () => run.Status.ShouldBe(1),
        () => run.Errors.ShouldContain(sentence),
        () => run.Errors.Trim().ShouldNotContain("\n"));
}
