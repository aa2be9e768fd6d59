using System.Net;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Inbound;
using CampaignHub.Server.Tests.Audience.Imports;

namespace CampaignHub.Server.Tests.Inbound;

public sealed class PostfixTests(InboundFixture fixture) : IClassFixture<InboundFixture>
{
    [ProgramFact(Postfix.Packages, Postfix.Program)]
    public async Task A_bounce_travels_the_whole_way_from_a_refused_address_to_a_suppression()
    {
        await using var scenario = await Scenario.StartAsync(fixture.Service);
        scenario.Sink.Behaviour.OnRecipient = address =>
            address.StartsWith("gone", StringComparison.Ordinal) ? new SinkReply(550, "5.1.1 <" + address + ">: Recipient address rejected: User unknown") : null;
        await fixture.VerifyBounceDomainAsync(scenario.Tenant.Id, "bounces.example");
        await using var postfix = await Postfix.StartAsync(scenario.Sink.Port, "bounces.example", fixture.Service.Get<InboundListener>().EndPoint);
        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { port = postfix.Port, envelope_sender = "verp" }, HttpStatusCode.OK);
        await scenario.AddAsync("ann@shop.example");
        var gone = await scenario.AddAsync("gone@shop.example");

        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.FinishedAsync(campaign);
        (await scenario.DeliveriesAsync(campaign)).Values.ShouldAllBe(d => d["state"]!.GetValue<string>() == "accepted");

        var suppressed = await Eventually.Async(
            () => fixture.Service.QueryAsync<string>(scenario.Tenant, "SELECT pattern || ' ' || reason FROM suppressions"), s => s.Count > 0, "the bounce comes back");
        suppressed.ShouldBe(["gone@shop.example bounce"], postfix.Log());
        (await scenario.Http.GetJsonAsync($"/v1/recipients/{gone}"))["suppressed"]!.GetValue<bool>().ShouldBeTrue();
        await scenario.Sink.WaitForAsync(1, CancellationToken.None);
        var report = await Eventually.Async(
            () => scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}/report"), r => r["bounces"]!["hard"]!.GetValue<long>() == 1, "it is counted");
        report["deliveries"]!["delivered"]!.GetValue<long>().ShouldBe(1);
        var reports = await scenario.Http.GetJsonAsync($"/v1/deliveries/{(await scenario.DeliveriesAsync(campaign))["gone@shop.example"]["id"]}/inbound-reports");
        reports["data"]!.AsArray().ShouldHaveSingleItem()!["rule"]!.GetValue<string>().ShouldBe("unknown_user");
    }
}
