using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CampaignHub.Server.Demo.Inbox;

namespace CampaignHub.Server.Tests.Sending;

public sealed class SendingTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    [Fact]
    public async Task Everybody_who_consented_gets_one_message_with_the_headers_that_mailboxes_ask_for()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        foreach (var i in Enumerable.Range(0, 12))
            await scenario.AddAsync($"p{i}@example.com");
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.FinishedAsync(campaign);

        scenario.Sink.Messages.SelectMany(m => m.Recipients).Order().ShouldBe(Enumerable.Range(0, 12).Select(i => $"p{i}@example.com").Order());
        var mail = scenario.Sink.Messages[0].Parse();
        mail.Subject.ShouldBe("Hello Ann");
        mail.Headers["List-Unsubscribe"].ShouldStartWith("<http");
        mail.Headers["List-Unsubscribe-Post"].ShouldBe("List-Unsubscribe=One-Click");
        mail.MessageId.ShouldEndWith("@shop.example");
        mail.HtmlBody.ShouldNotBeNull();
        mail.HtmlBody.ShouldContain("/c/");
        mail.HtmlBody.ShouldContain("/o/");
        mail.HtmlBody.ShouldNotContain("https://shop.example/sale");
        scenario.Sink.Messages[0].From.ShouldBe("news@shop.example");
    }

    [Fact]
    public async Task An_unknown_mailbox_is_rejected_and_suppressed_and_any_other_refusal_is_not()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await scenario.AddAsync("gone@example.com");
        await scenario.AddAsync("policy@example.com");
        await scenario.AddAsync("fine@example.com");
        scenario.Sink.Behaviour.OnRecipient = to => to switch
        {
            "gone@example.com" => SinkReply.Of(550, "5.1.1 no such user"),
            "policy@example.com" => SinkReply.Of(554, "5.7.1 not welcome"),
            _ => null,
        };
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.FinishedAsync(campaign);

        var deliveries = await scenario.DeliveriesAsync(campaign);
        deliveries["gone@example.com"]["state"]!.GetValue<string>().ShouldBe("rejected");
        deliveries["gone@example.com"]["smtp_reply"]!.GetValue<string>().ShouldContain("no such user");
        deliveries["policy@example.com"]["state"]!.GetValue<string>().ShouldBe("rejected");
        deliveries["fine@example.com"]["state"]!.GetValue<string>().ShouldBe("accepted");
        var suppressions = (await scenario.Http.GetJsonAsync("/v1/suppressions"))["data"]!.AsArray();
        suppressions.Select(s => s!["pattern"]!.GetValue<string>()).ShouldBe(["gone@example.com"]);
    }

    [Fact]
    public async Task A_greylisted_person_is_deferred_by_a_quarter_of_an_hour_or_more()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await scenario.AddAsync("grey@example.com");
        scenario.Sink.Behaviour.OnRecipient = _ => SinkReply.Of(451, "4.7.1 greylisted, come back");
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);

        var delivery = await Eventually.Async(
            async () => (await scenario.DeliveriesAsync(campaign)).GetValueOrDefault("grey@example.com"),
            d => d?["state"]!.GetValue<string>() == "deferred", "it is deferred");
        var updated = NodaTime.Text.InstantPattern.ExtendedIso.Parse(delivery!["updated_at"]!.GetValue<string>()).Value;
        var due = NodaTime.Text.InstantPattern.ExtendedIso.Parse(delivery["due_at"]!.GetValue<string>()).Value;
        (due - updated).TotalMinutes.ShouldBeInRange(15, 18.1);
        delivery["attempts"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Somebody_who_withdraws_between_plan_and_wave_gets_nothing()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        var leaving = await scenario.AddAsync("leaving@example.com");
        await scenario.AddAsync("suppressed@example.com");
        await scenario.AddAsync("staying@example.com");
        var campaign = await scenario.DraftAsync();
        (await scenario.PlanAsync(campaign))["recipients"]!.GetValue<int>().ShouldBe(3);
        await scenario.Http.PatchAsync($"/v1/recipients/{leaving}", new { consent = new { status = "withdrawn" } }, HttpStatusCode.OK);
        await scenario.Http.PostAsync("/v1/suppressions", new { pattern = "suppressed@example.com" }, HttpStatusCode.Created);
        await scenario.LaunchAsync(campaign);
        await scenario.FinishedAsync(campaign);

        scenario.Sink.Messages.SelectMany(m => m.Recipients).ShouldBe(["staying@example.com"]);
        var deliveries = await scenario.DeliveriesAsync(campaign);
        deliveries["leaving@example.com"]["state"]!.GetValue<string>().ShouldBe("suppressed");
        deliveries["suppressed@example.com"]["reason"]!.GetValue<string>().ShouldBe("suppressed");
    }

    [Theory]
    [InlineData("resend", "accepted", 2)]
    [InlineData("hold", "held", 1)]
    public async Task Where_the_answer_to_the_final_dot_is_lost_the_campaign_decides(string whenUncertain, string state, int copies)
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await scenario.AddAsync("once@example.com");
        var first = true;
        scenario.Sink.Behaviour.OnMessage = _ =>
        {
            var drop = first;
            first = false;
            return drop ? SinkReply.DropUnanswered : null;
        };
        var campaign = await scenario.DraftAsync(whenUncertain: whenUncertain);
        await scenario.LaunchAsync(campaign);
        await scenario.FinishedAsync(campaign);

        (await scenario.DeliveriesAsync(campaign))["once@example.com"]["state"]!.GetValue<string>().ShouldBe(state);
        var sources = scenario.Sink.Messages.Select(m => Encoding.UTF8.GetString(m.ReadSource())).ToList();
        sources.Count.ShouldBe(copies);
        sources.Distinct().Count().ShouldBe(1, "a resend is the same byte for byte");
    }

    [Fact]
    public async Task A_relay_that_cannot_be_reached_costs_nobody_an_attempt()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await scenario.AddAsync("patient@example.com");
        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { port = 1 }, HttpStatusCode.OK);
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        var delivery = await Eventually.Async(
            async () => (await scenario.DeliveriesAsync(campaign)).GetValueOrDefault("patient@example.com"),
            d => d?["state"]!.GetValue<string>() == "deferred", "it is deferred");
        delivery!["attempts"]!.GetValue<int>().ShouldBe(0);
        delivery["reason"]!.GetValue<string>().ShouldBe("relay_unreachable");
    }

    [Fact]
    public async Task A_suspended_tenant_sends_nothing_until_it_is_active_again()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        await scenario.AddAsync("waiting@example.com");
        var campaign = await scenario.DraftAsync();
        await scenario.PlanAsync(campaign);
        using var operators = fixture.Service.Operator;
        scenario.Sink.Behaviour.OnMailFrom = _ => SinkReply.Of(421, "4.3.2 not now");
        await scenario.LaunchAsync(campaign);
        await operators.PatchAsync($"/v1/tenants/{scenario.Tenant.Id}", new { status = "suspended" }, HttpStatusCode.OK);
        // What was marked a moment before may still be handed over; nothing is marked any more.
        await Eventually.Async(
            async () => !await fixture.Service.HasRowAsync($"SELECT FROM campaignhub.deliveries WHERE tenant_id = '{scenario.Tenant.Id}' AND state = 'sending'"), "nothing is on the wire");
        scenario.Sink.Behaviour.OnMailFrom = null;
        await scenario.Http.GetAsync("/v1/campaigns").ExpectAsync(HttpStatusCode.Forbidden);
        scenario.Sink.MessageCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_paused_campaign_begins_no_message_and_a_resumed_one_goes_on()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service, maxConnections: 1);
        await scenario.AddManyAsync(300);
        scenario.Sink.Behaviour.OnMessage = _ => SinkReply.Of(250, "2.0.0 ok") with { Delay = TimeSpan.FromMilliseconds(10) };
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.Sink.WaitForAsync(5, CancellationToken.None);
        await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/pause", null).ExpectAsync(HttpStatusCode.Accepted);
        await Eventually.Async(async () =>
        {
            var counts = (await scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}"))["deliveries"]!.AsObject();
            return !counts.ContainsKey("sending") && !counts.ContainsKey("leased");
        }, "what is on the wire finishes");
        var atPause = scenario.Sink.MessageCount;
        atPause.ShouldBeLessThan(300);

        await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/resume", null).ExpectAsync(HttpStatusCode.Accepted);
        await scenario.FinishedAsync(campaign);
        var recipients = scenario.Sink.Messages.SelectMany(m => m.Recipients).ToList();
        recipients.Count.ShouldBe(300);
        recipients.Distinct().Count().ShouldBe(300);
    }
}
