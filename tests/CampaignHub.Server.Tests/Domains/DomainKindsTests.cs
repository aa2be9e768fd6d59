using System.Net;
using CampaignHub.Core.Sending;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Demo.Outside;
using CampaignHub.Server.Platform.Time;
using NodaTime;

namespace CampaignHub.Server.Tests.Domains;

/// <summary>Bounce and tracking domains, and the mail that carries them.</summary>
public sealed class DomainKindsTests : IAsyncLifetime
{
    private DnsResponder _dns = null!;
    private TlsFront _front = null!;
    private TestService _service = null!;
    private Scenario _scenario = null!;

    private HttpClient Http => _scenario.Http;

    private Instant Now => _service.Get<IClock>().GetCurrentInstant();

    public async Task InitializeAsync()
    {
        (_dns, _front) = (new DnsResponder(), new TlsFront());
        _service = await TestService.StartAsync(_front.Lead, $"--CampaignHub:Dns:Servers:0={_dns.Address}", "--CampaignHub:PublicUrl=https://mail.hub.example");
        _scenario = await Scenario.StartAsync(_service);
    }

    public async Task DisposeAsync()
    {
        await _scenario.DisposeAsync();
        await _service.DisposeAsync();
        await _front.DisposeAsync();
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
        made.Records().Select(r => (r["type"]!.GetValue<string>(), r["value"]!.GetValue<string>()))
            .ShouldBe([("CNAME", "mail.hub.example."), ("TLS", "https://links.shop.example/health/live")]);
        AnswerBehind("links.shop.example");
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

    [Fact]
    public async Task A_tracking_domain_is_verified_only_when_this_service_answers_behind_it_with_a_certificate_for_it()
    {
        var made = await Http.NewDomainAsync("links.shop.example", "tracking");
        _dns.PublishAlias("links.shop.example", "mail.hub.example");

        (await ProblemAsync(made)).ShouldStartWith("TLS links.shop.example: https://links.shop.example/health/live can't be reached");
        AnswerBehind("other.shop.example");
        (await ProblemAsync(made)).ShouldStartWith("TLS links.shop.example: No TLS with a valid certificate for links.shop.example");
        await using (var other = await TestService.StartAsync())
        {
            AnswerBehind("links.shop.example");
            _front.Behind = other.Url;
            (await ProblemAsync(made)).ShouldBe("TLS links.shop.example: Something else than this service answers at https://links.shop.example/health/live.");
        }
        AnswerBehind("links.shop.example");
        await Http.VerifiedAsync(made);
    }

    [Fact]
    public async Task While_nothing_answers_behind_its_tracking_domain_new_mail_of_a_launched_campaign_has_the_public_URL()
    {
        AnswerBehind("links.shop.example");
        _dns.PublishAlias("links.shop.example", "mail.hub.example");
        var domain = await Http.NewDomainAsync("links.shop.example", "tracking");
        await Http.VerifiedAsync(domain);
        await _scenario.AddAsync("ann@mail.example");
        var campaign = await _scenario.DraftAsync(new { strategy = "instant", at = NodaTime.Text.InstantPattern.General.Format(Now + Duration.FromHours(2)) });
        await _scenario.PlanAsync(campaign);
        await _scenario.LaunchAsync(campaign);
        (await Http.DeleteAsync(domain.Path()).ExpectAsync(HttpStatusCode.Conflict))["detail"]!.GetValue<string>().ShouldContain("Let it finish");

        _front.Behind = null;
        for (var read = 0; read < 3; read++)
        {
            var before = (await Http.GetJsonAsync(domain.Path()))["checked_at"]!.ToString();
            _service.Get<BusinessClock>().StepTo(Now + Duration.FromMinutes(10));
            await Eventually.Async(() => Http.GetJsonAsync(domain.Path()), d => d["checked_at"]!.ToString() != before, "the domain is read again");
        }
        (await Http.GetJsonAsync(domain.Path())).IsVerified().ShouldBeFalse();
        _service.Get<BusinessClock>().StepTo(Now + Duration.FromMinutes(91));
        await _scenario.FinishedAsync(campaign);

        var html = _scenario.Sink.Messages.Single().Parse().HtmlBody!;
        html.ShouldContain("https://mail.hub.example/c/");
        html.ShouldNotContain("links.shop.example");
        await Http.DeleteAsync(domain.Path()).ExpectAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_TLS_front_may_get_certificates_for_tracking_domains_and_the_public_host_and_nothing_else()
    {
        await Http.NewDomainAsync("links.shop.example", "tracking");
        await Http.NewDomainAsync("shop.example");
        using var front = _service.Anonymous;
        foreach (var (name, status) in ((string, HttpStatusCode)[])
            [
                ("links.shop.example", HttpStatusCode.OK), ("LINKS.shop.example.", HttpStatusCode.OK), ("mail.hub.example", HttpStatusCode.OK),
                ("shop.example", HttpStatusCode.NotFound), ("a.links.shop.example", HttpStatusCode.NotFound), ("", HttpStatusCode.NotFound),
                ("%27%20OR%201=1", HttpStatusCode.NotFound), ("%00", HttpStatusCode.BadRequest), (new string('a', 300), HttpStatusCode.NotFound),
            ])
            (await front.GetAsync($"/tls/ask?domain={name}")).StatusCode.ShouldBe(status, name);
        (await front.GetAsync("/tls/ask")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var service = _service.Operator;
        await service.PatchAsync($"/v1/tenants/{_scenario.Tenant.Id}", new { status = "suspended" }, HttpStatusCode.OK);
        (await front.GetAsync("/tls/ask?domain=links.shop.example")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private void AnswerBehind(string name)
    {
        _front.CertifyFor(name);
        _front.Behind = _service.Url;
    }

    private async Task<string> ProblemAsync(System.Text.Json.Nodes.JsonNode domain) => (await Http.VerifyAsync(domain))["problem"]!.GetValue<string>();

    private async Task<string> VerifiedAsync(string name, string kind)
    {
        var made = await Http.NewDomainAsync(name, kind);
        _dns.PublishExchange(name, (10, "mail.hub.example"));
        await Http.VerifiedAsync(made);
        return made.Path();
    }
}
