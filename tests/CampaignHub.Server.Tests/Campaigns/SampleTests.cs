using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Demo.Inbox;

namespace CampaignHub.Server.Tests.Campaigns;

public sealed class SampleTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task A_preview_shows_what_one_person_would_get_with_the_authors_own_links()
    {
        var (tenant, path) = await CampaignAsync();
        var preview = await tenant.Http.PostAsync($"{path}/preview",
            new { recipient_id = await _service.RecipientIdAsync(tenant, "ann@example.com") }, HttpStatusCode.OK);

        preview["subject"]!.GetValue<string>().ShouldBe("Ann, 30% off");
        preview["html"]!.GetValue<string>().ShouldContain("""<a href="https://shop.example/?a=1&amp;b=2">look</a>""");
        preview["html"]!.GetValue<string>().ShouldContain("/u/preview");
        preview["html"]!.GetValue<string>().ShouldNotContain("<img");
        preview["text"]!.GetValue<string>().ShouldContain("Hi Ann");
        preview["links"]!.ToJsonString().ShouldContain("https://shop.example/?a=1");
        preview["warnings"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_preview_takes_somebody_made_up_or_nobody_in_particular()
    {
        var (tenant, path) = await CampaignAsync(c => c["html"] = "<p>{{ recipient.attributes.fit }} {{ recipient.email }}</p>");
        var made = await tenant.Http.PostAsync($"{path}/preview",
            new { recipient = new { first_name = "<Eve>", attributes = new { fit = "<XL>" } } }, HttpStatusCode.OK);
        made["subject"]!.GetValue<string>().ShouldBe("<Eve>, 30% off");
        made["html"]!.GetValue<string>().ShouldContain("<p>&lt;XL&gt; recipient@example.com</p>");
        (await tenant.Http.PostAsync($"{path}/preview", null).ExpectAsync(HttpStatusCode.OK))["subject"]!.GetValue<string>().ShouldBe("Hello, 30% off");
    }

    [Fact]
    public async Task Liquid_that_fails_for_somebody_is_named_by_its_field()
    {
        var (tenant, path) = await CampaignAsync(c => c["html"] = "<p>{{ 1 | divided_by: 0 }}</p>");
        var problem = await tenant.Http.PostAsync($"{path}/preview", new { }, HttpStatusCode.UnprocessableEntity);
        problem.FieldCode("html").ShouldBe("template_error");
    }

    [Fact]
    public async Task A_preview_of_what_is_not_written_yet_says_what_is_missing()
    {
        var made = await _service.Http.PostAsync("/v1/campaigns", new { name = "x", subject = "y" }, HttpStatusCode.Created);
        var problem = await _service.Http.PostAsync($"/v1/campaigns/{made["id"]}/preview", new { }, HttpStatusCode.Conflict);
        problem["detail"]!.GetValue<string>().ShouldContain("html");
    }

    [Fact]
    public async Task A_test_is_sent_at_once_marked_untracked_and_not_counted()
    {
        await using var sink = SmtpSink.Start(Relays.Smtp.Relay.Options);
        var (tenant, path) = await CampaignAsync();
        await tenant.Http.PostAsync("/v1/relays", new
        {
            name = "r",
            host = "127.0.0.1",
            port = sink.Port,
            tls = "none",
            envelope_sender = "fixed",
            envelope_email = "bounces@shop.example",
            headers = new Dictionary<string, string> { ["X-Stream"] = "broadcast" },
        }, HttpStatusCode.Created);

        var result = await tenant.Http.PostAsync($"{path}/test", new
        {
            to = (string[])["boss@shop.example", "me@shop.example"],
            recipient_id = await _service.RecipientIdAsync(tenant, "ann@example.com"),
        }, HttpStatusCode.OK);

        result["sent"]!.AsArray().Select(s => s!["to"]!.GetValue<string>()).ShouldBe(["boss@shop.example", "me@shop.example"]);
        result["sent"]!.AsArray().ShouldAllBe(s => s!["accepted"]!.GetValue<bool>() && s["smtp_reply"]!.GetValue<string>().StartsWith("250"));
        sink.Messages.Count.ShouldBe(2);
        sink.Messages[0].From.ShouldBe("bounces@shop.example");
        var mail = sink.Messages[0].Parse();
        (mail.Subject, mail.Headers["X-Stream"], mail.To.ToString()).ShouldBe(("[Test] Ann, 30% off", "broadcast", "boss@shop.example"));
        mail.HtmlBody.ShouldNotBeNull().ShouldContain("href=\"https://shop.example/?a=1&amp;b=2\"");
        mail.HtmlBody.ShouldNotContain("<img");
        mail.HtmlBody.ShouldContain("/u/test");
        (await tenant.Http.GetJsonAsync(path))["deliveries"]!.AsObject().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_relay_that_refuses_or_is_away_is_an_answer()
    {
        var sink = SmtpSink.Start(Relays.Smtp.Relay.Options);
        sink.Behaviour.OnMailFrom = _ => SinkReply.Of(553, "5.7.1 not yours");
        var (tenant, path) = await CampaignAsync();
        await tenant.Http.PostAsync("/v1/relays", new { name = "r", host = "127.0.0.1", port = sink.Port, tls = "none" }, HttpStatusCode.Created);
        var refused = await tenant.Http.PostAsync($"{path}/test", new { to = (string[])["me@shop.example"] }, HttpStatusCode.OK);
        (refused["sent"]![0]!["accepted"]!.GetValue<bool>(), refused["sent"]![0]!["smtp_reply"]!.GetValue<string>()).ShouldBe((false, "553 5.7.1 not yours"));

        await sink.DisposeAsync();
        var away = await tenant.Http.PostAsync($"{path}/test", new { to = (string[])["me@shop.example"] }, HttpStatusCode.OK);
        away["sent"]![0]!["accepted"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task A_test_needs_a_relay_and_addresses_that_may_be_mailed()
    {
        var (tenant, path) = await CampaignAsync();
        (await tenant.Http.PostAsync($"{path}/test", new { to = (string[])["me@shop.example"] }, HttpStatusCode.Conflict))["detail"]!
            .GetValue<string>().ShouldContain("POST /v1/relays");
        await _service.SuppressAsync(tenant, "*@spam.example");
        var problem = await tenant.Http.PostAsync($"{path}/test", new { to = (string[])["no", "a@spam.example"] }, HttpStatusCode.UnprocessableEntity);
        (problem.FieldCode("to[0]"), problem.FieldCode("to[1]")).ShouldBe(("invalid_email", "suppressed"));
        (await tenant.Http.PostAsync($"{path}/test", new { to = Enumerable.Repeat("a@shop.example", 11) }, HttpStatusCode.UnprocessableEntity))
            .FieldCode("to").ShouldBe("too_long");
        (await tenant.Http.PostAsync($"{path}/test", new { to = Array.Empty<string>() }, HttpStatusCode.UnprocessableEntity))
            .FieldCode("to").ShouldBe("required");
    }

    [Fact]
    public async Task A_foreign_campaign_or_recipient_is_not_found()
    {
        var (tenant, path) = await CampaignAsync();
        await _service.Http.PostAsync($"{path}/preview", new { }, HttpStatusCode.NotFound);
        await _service.Http.PostAsync($"{path}/test", new { to = (string[])["me@shop.example"] }, HttpStatusCode.NotFound);
        var (_, mine) = (0, await _service.Http.PostAsync("/v1/campaigns", new { name = "x", subject = "y", html = "z" }, HttpStatusCode.Created));
        var problem = await _service.Http.PostAsync($"/v1/campaigns/{mine["id"]}/preview",
            new { recipient_id = await _service.RecipientIdAsync(tenant, "ann@example.com") }, HttpStatusCode.UnprocessableEntity);
        problem.FieldCode("recipient_id").ShouldBe("not_found");
    }

    private async Task<(TestTenant Tenant, string Path)> CampaignAsync(Action<JsonObject>? change = null)
    {
        var tenant = await _service.NewTenantAsync();
        var campaign = CampaignSeed.Whole(await _service.ListAsync(tenant, "granted", "ann@example.com"));
        change?.Invoke(campaign);
        var made = await tenant.Http.PostAsync("/v1/campaigns", campaign, HttpStatusCode.Created);
        return (tenant, $"/v1/campaigns/{made["id"]}");
    }
}
