using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Demo.Inbox;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Server.Tests.Events;

/// <summary>What the feed tells of campaigns and imports.</summary>
public sealed class CampaignEventsTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task A_campaigns_way_is_told_once_each_step()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await scenario.AddAsync("ann@mail.example");
        var campaign = await scenario.DraftAsync(new { strategy = "instant", at = InstantPattern.General.Format(_service.Get<IClock>().GetCurrentInstant() + Duration.FromHours(2)) });
        await scenario.PlanAsync(campaign);
        await scenario.LaunchAsync(campaign);
        await StepAsync(scenario, campaign, "pause");
        await StepAsync(scenario, campaign, "resume");
        await StepAsync(scenario, campaign, "cancel");
        (await ToldAsync(scenario, 4)).ShouldBe([$"campaign.planned {campaign}", $"campaign.paused {campaign}", $"campaign.resumed {campaign}", $"campaign.cancelled {campaign}"]);
    }

    [Fact]
    public async Task A_campaign_is_planned_and_started_before_its_mail_and_finished_after_it()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await scenario.AddAsync("ann@mail.example");
        await scenario.AddAsync("ben@mail.example");
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.FinishedAsync(campaign);
        (await ToldAsync(scenario, 5)).Select(told => told.Split(' ')[0])
            .ShouldBe(["campaign.planned", "campaign.started", "delivery.accepted", "delivery.accepted", "campaign.finished"]);
    }

    [Fact]
    public async Task An_import_is_told_when_it_has_ended_and_how()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await scenario.AddManyAsync(3);
        var feed = new Feed(scenario.Http, "&type=import.finished", only: "import.");
        await feed.ReadUntilAsync(1);
        var told = feed.Seen.Single();
        told["class"]!.GetValue<string>().ShouldBe("finished");
        (await scenario.Http.GetJsonAsync($"/v1/imports/{told["import_id"]}"))["rows"]!.GetValue<long>().ShouldBe(3);
    }

    private static Task<JsonObject> StepAsync(Scenario scenario, Guid campaign, string step) =>
        scenario.Http.PostAsync($"/v1/campaigns/{campaign}/{step}", null).ExpectAsync(HttpStatusCode.Accepted);

    private static async Task<IReadOnlyList<string>> ToldAsync(Scenario scenario, int count)
    {
        var feed = new Feed(scenario.Http, only: "", except: "recipient.");
        await feed.ReadUntilAsync(count);
        return [.. feed.Seen.Select(e => $"{e["type"]} {e["campaign_id"]}")];
    }
}
