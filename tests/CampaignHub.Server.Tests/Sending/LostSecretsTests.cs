using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Tests.Domains;
using CampaignHub.Server.Tests.Forms;
using CampaignHub.Server.Tests.Inbound;
using CampaignHub.Server.Tests.Operations;
using NodaTime;

namespace CampaignHub.Server.Tests.Sending;

/// <summary>Secrets that can't be opened, as under a key that the ring has lost: nothing is sent without login or signature, and it is told.</summary>
public sealed class LostSecretsTests(DomainsFixture fixture) : IClassFixture<DomainsFixture>
{
    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task A_relay_whose_password_cant_be_opened_is_paused_with_the_reason_until_it_is_given_anew()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await using var sink = SmtpSink.Start(new SmtpSinkOptions { Clock = _service.Get<IClock>(), Login = new SinkLogin("shop", "right") });
        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { port = sink.Port, username = "shop", password = "right" }, HttpStatusCode.OK);
        await scenario.AddManyAsync(3);
        await _service.SqlAsync($"UPDATE campaignhub.relays SET password_encrypted = {Damaged("password_encrypted")} WHERE relay_id = '{scenario.RelayId}'");

        var check = await scenario.Http.PostAsync($"/v1/relays/{scenario.RelayId}/check", null).ExpectAsync(HttpStatusCode.InternalServerError);
        (check.ProblemType(), check["detail"]!.GetValue<string>()).ShouldBe(("secret_lost", Sentence("relay.password", scenario.RelayId)));

        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        var paused = await Eventually.Async(
            () => scenario.Http.GetJsonAsync($"/v1/relays/{scenario.RelayId}"), r => r["status"]!.GetValue<string>() == "paused", "the relay is paused");
        paused["paused_reason"]!.GetValue<string>().ShouldBe(Sentence("relay.password", scenario.RelayId));
        await Eventually.Async(async () => (await HealthAsync()).Contains("A relay is paused"), "the health page says so");
        (await VerbRun.MakeAsync(new Dictionary<string, string> { ["ConnectionStrings__CampaignHub"] = _service.ConnectionString }, "doctor"))
            .Output.ShouldContain($"Relay {scenario.RelayId} of tenant {scenario.Tenant.Id} is paused: The secret relay.password");
        sink.Connections.ShouldBe(0);
        scenario.Sink.Connections.ShouldBe(0);

        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { password = "right" }, HttpStatusCode.OK);
        await scenario.FinishedAsync(campaign);
        sink.MessageCount.ShouldBe(3);
    }

    [Fact]
    public async Task Mail_whose_keys_cant_be_opened_isnt_sent_unsigned_and_its_campaign_is_paused_with_the_reason()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await scenario.AddManyAsync(3);
        var domain = await scenario.Http.NewDomainAsync("shop.example");
        fixture.Dns.PublishKeys(domain);
        await scenario.Http.VerifiedAsync(domain);
        await _service.SqlAsync($"""
            CREATE TABLE kept AS SELECT pair_id, rsa_private_encrypted FROM campaignhub.dkim_pairs WHERE tenant_id = '{scenario.Tenant.Id}';
            UPDATE campaignhub.dkim_pairs SET rsa_private_encrypted = {Damaged("rsa_private_encrypted")} WHERE tenant_id = '{scenario.Tenant.Id}';
            """);

        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        var paused = await Eventually.Async(
            () => scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}"), c => c["status"]!.GetValue<string>() == "paused", "the campaign is paused");
        paused["paused_reason"]!.GetValue<string>().ShouldStartWith("Mail from news@shop.example can't be signed. The secret domain.dkim_rsa of ");
        var test = await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/test", new { to = (string[])["me@shop.example"] }, HttpStatusCode.InternalServerError);
        test.ProblemType().ShouldBe("secret_lost");
        scenario.Sink.MessageCount.ShouldBe(0);

        await _service.SqlAsync("UPDATE campaignhub.dkim_pairs p SET rsa_private_encrypted = k.rsa_private_encrypted FROM kept k WHERE p.pair_id = k.pair_id; DROP TABLE kept");
        await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/resume", null).ExpectAsync(HttpStatusCode.Accepted);
        await scenario.FinishedAsync(campaign);
        scenario.Sink.MessageCount.ShouldBe(3);
    }

    [Fact]
    public async Task A_mailbox_whose_password_cant_be_opened_says_so_and_the_others_are_read()
    {
        await using var office = new PostOffice();
        var tenants = (TestTenant[])[await _service.NewTenantAsync(), await _service.NewTenantAsync()];
        List<Guid> mailboxes = [];
        foreach (var tenant in tenants)
            mailboxes.Add((await tenant.Http.PostAsync("/v1/bounce-mailboxes", new
            {
                name = "Bounces",
                protocol = "pop3",
                host = "127.0.0.1",
                port = office.Port,
                tls = "none",
                username = "bounces",
                password = PostOffice.Password,
                enabled = false,
            }, HttpStatusCode.Created))["id"]!.GetValue<Guid>());
        await _service.SqlAsync($"""
            UPDATE campaignhub.bounce_mailboxes SET password_encrypted = {Damaged("password_encrypted")} WHERE mailbox_id = '{mailboxes[0]}';
            UPDATE campaignhub.bounce_mailboxes SET enabled = true, next_look_at = '-infinity' WHERE mailbox_id IN ('{mailboxes[0]}', '{mailboxes[1]}');
            """);

        var closed = await Eventually.Async(() => tenants[0].Http.GetJsonAsync($"/v1/bounce-mailboxes/{mailboxes[0]}"), m => m["problem"] is not null, "the problem is shown");
        closed["problem"]!.GetValue<string>().ShouldBe(Sentence("bounce_mailbox.password", mailboxes[0]));
        await Eventually.Async(() => tenants[1].Http.GetJsonAsync($"/v1/bounce-mailboxes/{mailboxes[1]}"), m => m["read_at"] is not null, "the other is read");
    }

    [Fact]
    public async Task A_form_whose_mail_cant_be_signed_waits_and_other_tenants_forms_dont()
    {
        await using var lost = await Scenario.StartAsync(_service);
        await using var well = await Scenario.StartAsync(_service);
        var domain = await lost.Http.NewDomainAsync("shop.example");
        fixture.Dns.PublishKeys(domain);
        await lost.Http.VerifiedAsync(domain);
        await _service.SqlAsync($"UPDATE campaignhub.dkim_pairs SET rsa_private_encrypted = {Damaged("rsa_private_encrypted")} WHERE tenant_id = '{lost.Tenant.Id}'");
        foreach (var scenario in (Scenario[])[lost, well])
        {
            var form = await Visitor.MakeFormAsync(scenario);
            await _service.SqlAsync($"""
                INSERT INTO campaignhub.form_confirmations (tenant_id, confirmation_id, form_id, email, email_key, language, wording, asked_at, expires_at, next_mail_at)
                VALUES ('{scenario.Tenant.Id}', gen_random_uuid(), '{form["id"]}', 'ann@reader.example', 'ann@reader.example', 'en', 'Yes', now(), now() + interval '1 day', now())
                """);
        }

        await Eventually.Async(() => Task.FromResult(well.Sink.MessageCount == 1), "the other's mail is sent");
        await Eventually.Async(
            () => _service.HasRowAsync($"SELECT FROM campaignhub.form_confirmations WHERE tenant_id = '{lost.Tenant.Id}' AND last_reply LIKE 'The secret domain.dkim_rsa of %' AND next_mail_at > now()"), "it is noted why");
        lost.Sink.MessageCount.ShouldBe(0);
    }

    /// <summary>SQL of the box under another key, as after the ring has lost the one that it was sealed under: its id begins at the third byte.</summary>
    private static string Damaged(string box) => $"set_byte({box}, 2, ascii('x'))";

    private static string Sentence(string what, Guid row) =>
        $"The secret {what} of {row} can't be opened with this node's key ring: put the line that the ring has lost back and restart the node, or give the secret anew.";

    private async Task<string> HealthAsync() => await _service.Anonymous.GetStringAsync("/health/ready");
}
