using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Jobs;
using CampaignHub.Server.Scheduling;
using Hangfire;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Server.Tests.Scheduling;

public sealed class WaveTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private static readonly string InThreeDays = LocalDatePattern.Iso.Format(
        LocalDate.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).PlusDays(3));

    [Fact]
    public async Task Launching_sets_exactly_one_Hangfire_job_for_each_distinct_instant_at_that_instant()
    {
        await using var scenario = await LocalTimeScenarioAsync();
        var campaign = await scenario.DraftAsync(TenLocal());
        await scenario.PlanAsync(campaign);
        await scenario.LaunchAsync(campaign);
        var plan = await PlanWithJobsAsync(scenario, campaign);

        var instants = plan["instants"]!.AsArray();
        instants.Select(i => i!["due_at"]!.GetValue<string>()).Distinct().Count().ShouldBe(instants.Count);
        instants.Count.ShouldBe(3); // Berlin and Paris share one
        var jobs = fixture.Service.Get<JobStorage>().GetMonitoringApi().ScheduledJobs(0, 1000);
        foreach (var instant in instants)
        {
            var id = instant!["job_id"]!.GetValue<string>();
            jobs.Count(j => j.Key == id).ShouldBe(1);
            Instant.FromDateTimeUtc(DateTime.SpecifyKind(jobs.First(j => j.Key == id).Value.EnqueueAt, DateTimeKind.Utc))
                .ShouldBe(InstantPattern.ExtendedIso.Parse(instant["due_at"]!.GetValue<string>()).Value);
            jobs.Count(j => j.Value.Job.Args.Contains(instant["wave_id"]!.GetValue<Guid>())).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Hangfire_wiped_in_mid_campaign_loses_nothing_and_its_alarms_are_set_anew()
    {
        await using var service = await TestService.StartAsync();
        await using var scenario = await LocalTimeScenarioAsync(service);
        var campaign = await scenario.DraftAsync(TenLocal());
        await scenario.PlanAsync(campaign);
        await scenario.LaunchAsync(campaign);
        var before = await PlanWithJobsAsync(scenario, campaign);

        await service.SqlAsync("DROP SCHEMA hangfire CASCADE");

        await Eventually.Async(async () =>
        {
            if (!await service.HasTableAsync("hangfire.job"))
                return false;
            var now = await scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}/plan");
            var jobs = await service.Get<HangfireStorage>().ScheduledJobsAsync(CancellationToken.None);
            return jobs.SetEquals(now["instants"]!.AsArray().Select(i => i!["job_id"]!.GetValue<string>()));
        }, "the alarms are set again");
        before["instants"]!.AsArray().Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_waves_job_that_runs_early_twice_and_at_once_sends_nobody_anything_twice()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await scenario.AddManyAsync(50);
        var campaign = await scenario.DraftAsync();
        await scenario.PlanAsync(campaign);
        await scenario.LaunchAsync(campaign);
        var plan = await scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}/plan");
        var wave = plan["instants"]![0]!["wave_id"]!.GetValue<Guid>();
        var job = fixture.Service.Get<WaveJob>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => job.OpenAsync(scenario.Tenant.Id, wave, CancellationToken.None)));
        await scenario.FinishedAsync(campaign);
        scenario.Sink.Messages.SelectMany(m => m.Recipients).Distinct().Count().ShouldBe(50);
        scenario.Sink.MessageCount.ShouldBe(50);
    }

    private static object TenLocal() => new { strategy = "local_time", date = InThreeDays, time = "10:00" };

    private Task<Scenario> LocalTimeScenarioAsync() => LocalTimeScenarioAsync(fixture.Service);

    private static async Task<Scenario> LocalTimeScenarioAsync(TestService service)
    {
        var scenario = await Scenario.StartAsync(service);
        await scenario.AddAsync("tokyo@example.com", "Asia/Tokyo");
        await scenario.AddAsync("berlin@example.com", "Europe/Berlin");
        await scenario.AddAsync("paris@example.com", "Europe/Paris");
        await scenario.AddAsync("lima@example.com", "America/Lima");
        return scenario;
    }

    private static Task<JsonObject> PlanWithJobsAsync(Scenario scenario, Guid campaign) => Eventually.Async(
        () => scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}/plan"),
        p => p["instants"]!.AsArray().All(i => i!["job_id"] is not null), "every wave has its job");
}
