using System.Net;
using CampaignHub.Core.Sending;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Demo.Inbox;

namespace CampaignHub.Server.Tests.Domains;

/// <summary>Bounce and tracking domains, and the mail that carries them.</summary>
public sealed class DomainKindsTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly DnsResponder _dns = new();
    private TestService _service = null!;
    private Scenario _scenario = null!;

    private HttpClient Http => _scenario.Http;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync($"--CampaignHub:Dns:Servers:0={_dns.Address}", "--CampaignHub:PublicUrl=https://mail.hub.example");
        _scenario = await Scenario.StartAsync(_service);
    }

    Task IAsyncLifetime.DisposeAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _scenario.DisposeAsync();
        await _service.DisposeAsync();
        await _dns.DisposeAsync();
    }

    [Fact]
    public async Task A_bounce_domain_needs_somebody_who_takes_its_mail_and_is_told_of_SPF()
    {
        var made = await Http.NewDomainAsync("bounces.shop.example", "bounce");
        made.Records().Select(r => (r["type"]!.GetValue<string>(), r.Host(), r["value"]?.GetValue<string>(), r["required"]!.GetValue<bool>())).ShouldBe(
        [
            ("MX", "bounces.shop.example", "10 mail.hub.example.", true),
            ("TXT", "bounces.shop.example", null, false),
        ]);

        (await Http.VerifyAsync(made))["problem"]!.GetValue<string>().ShouldBe("MX bounces.shop.example: The domain has no MX record: bounces to it would be lost.");
        _dns.PublishExchange("bounces.shop.example", (0, ""));
        (await Http.VerifyAsync(made))["problem"]!.GetValue<string>().ShouldContain("a null MX");
        _dns.PublishExchange("bounces.shop.example", (5, "mx.provider.example"), (10, "mx2.provider.example"));
        _dns.Publish("bounces.shop.example", "v=spf1 include:_spf.provider.example ~all");
        var verified = await Http.VerifiedAsync(made);
        verified.Records()[0]["found"]!.AsArray().Select(f => f!.GetValue<string>()).ShouldBe(["5 mx.provider.example", "10 mx2.provider.example"], ignoreOrder: true);
        verified.Records().ShouldAllBe(r => r.Ok() == true);
        await Http.PostAsync($"{made.Path()}/rotate", null).ExpectAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task With_a_bounce_domain_each_message_has_a_return_path_that_says_whose_it_was()
    {
        var bounces = await VerifiedAsync("bounces.shop.example", "bounce");
        var relay = await Http.PostAsync("/v1/relays", new { name = "verp", host = "127.0.0.1", port = _scenario.Sink.Port, tls = "none" }, HttpStatusCode.Created);
        relay["envelope_sender"]!.GetValue<string>().ShouldBe("verp");
        await Http.PatchAsync($"/v1/relays/{_scenario.RelayId}", new { enabled = false }, HttpStatusCode.OK);
        (await Http.PostAsync($"/v1/relays/{relay["id"]}/check", new { }, HttpStatusCode.OK))["steps"]!.AsArray()[^1]!["detail"]!.GetValue<string>().ShouldContain("@bounces.shop.example");
        await _scenario.AddAsync("ann@mail.example");
        await _scenario.AddAsync("ben@mail.example");

        var campaign = await _scenario.DraftAsync();
        await _scenario.LaunchAsync(campaign);
        await _scenario.FinishedAsync(campaign);

        var key = _service.Get<KeyRing>().Derive(_scenario.Tenant.Id, KeyPurpose.ReturnPath, ReturnPath.KeyBytes);
        var deliveries = await _scenario.DeliveriesAsync(campaign);
        _scenario.Sink.Messages.Count.ShouldBe(2);
        foreach (var message in _scenario.Sink.Messages)
        {
            message.From.ShouldEndWith("@bounces.shop.example");
            ReturnPath.TryRead(key, message.From.Split('@')[0], out var delivery).ShouldBeTrue();
            delivery.ShouldBe(deliveries[message.Recipients.Single()]["id"]!.GetValue<Guid>());
        }

        // Without the domain mail goes on, from the sender's own address.
        await Http.DeleteAsync(bounces).ExpectAsync(HttpStatusCode.NoContent);
        var next = await _scenario.DraftAsync();
        await _scenario.LaunchAsync(next);
        await _scenario.FinishedAsync(next);
        _scenario.Sink.Messages.Count(m => m.From == "news@shop.example").ShouldBe(2);
    }

    [Fact]
    public async Task Links_begin_with_the_tracking_domain_that_was_verified_at_launch()
    {
        var made = await Http.NewDomainAsync("links.shop.example", "tracking");
        made.Records().Select(r => (r["type"]!.GetValue<string>(), r["value"]!.GetValue<string>())).ShouldBe([("CNAME", "mail.hub.example.")]);
        _dns.PublishAlias("links.shop.example", "elsewhere.example");
        (await Http.VerifyAsync(made))["problem"]!.GetValue<string>().ShouldBe("CNAME links.shop.example: It leads to elsewhere.example and not to mail.hub.example.");
        _dns.PublishAlias("links.shop.example", "mail.hub.example");
        await Http.VerifiedAsync(made);
        await _scenario.AddAsync("ann@mail.example");

        var campaign = await _scenario.DraftAsync();
        await _scenario.LaunchAsync(campaign);
        await _scenario.FinishedAsync(campaign);

        var html = _scenario.Sink.Messages.Single().Parse().HtmlBody!;
        foreach (var link in (string[])["https://links.shop.example/c/", "https://links.shop.example/o/", "https://links.shop.example/u/"])
            html.ShouldContain(link);
        html.ShouldNotContain("mail.hub.example");
    }

    private async Task<string> VerifiedAsync(string name, string kind)
    {
        var made = await Http.NewDomainAsync(name, kind);
        _dns.PublishExchange(name, (10, "mail.hub.example"));
        await Http.VerifiedAsync(made);
        return made.Path();
    }
}
