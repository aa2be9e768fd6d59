using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Tests.Audience.Imports;
using CampaignHub.Server.Tests.Relays.Smtp;

namespace CampaignHub.Server.Tests.Inbound;

public sealed class BounceMailboxTests(InboundFixture fixture) : IClassFixture<InboundFixture>
{
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task Bounces_are_handled_once_and_deleted_and_what_people_wrote_stays()
    {
        var seed = await fixture.SentAsync(deliveries: 3);
        await service.SqlAsync($"UPDATE campaignhub.deliveries SET message_id = delivery_id || '@shop.example' WHERE tenant_id = '{seed.Tenant.Id}'");
        await using var office = new PostOffice();
        office.Put("1", $"Delivered-To: {fixture.ReturnPathOf(seed)}\n{Returned.Bounce("5.1.1", "550 5.1.1 User unknown")}");
        office.Put("2", $"From: ann@mail.example\nSubject: Re: Sale\nIn-Reply-To: <{seed.Deliveries[1]}@shop.example>\n\nYes, please.");
        office.Put("3", "From: somebody@mail.example\nSubject: Hello\n\nDo you sell tea?");
        office.Put("4", $"From: ann@mail.example\nSubject: Out of office\nIn-Reply-To: <{seed.Deliveries[2]}@shop.example>\n\nGone.");
        office.Put("5", $"From: fake@mail.example\nSubject: Undelivered Mail Returned to Sender\nIn-Reply-To: <{seed.Deliveries[2]}@other.example>\n\nuser unknown");
        var mailbox = await MakeAsync(seed, office);

        var read = await ReadAsync(seed, mailbox, office, handled: 3);
        read["unmatched"]!.GetValue<long>().ShouldBe(2);
        read["problem"].ShouldBeNull();
        office.Uids.ShouldBe(["2", "3", "5"]);
        (await InboundFixture.EventsAsync(seed, 2)).Select(e => e["type"]!.GetValue<string>()).ShouldBe(["delivery.bounced", "delivery.replied"]);
        (await service.QueryAsync<string>(seed.Tenant, "SELECT reason FROM suppressions")).ShouldBe(["bounce"]);

        await AgainAsync(seed, mailbox, office);
        foreach (var uid in (string[])["1", "2", "3", "4", "5"])
            office.Reads(uid).ShouldBe(1);
        (await seed.Tenant.Http.GetJsonAsync($"/v1/bounce-mailboxes/{mailbox}"))["handled"]!.GetValue<long>().ShouldBe(3);
    }

    [Fact]
    public async Task A_message_that_could_not_be_deleted_is_deleted_the_next_time_without_being_read()
    {
        var seed = await fixture.SentAsync();
        await using var office = new PostOffice { DiesAtQuit = true };
        office.Put("1", $"To: {fixture.ReturnPathOf(seed)}\n{Returned.Complaint()}");
        var mailbox = await MakeAsync(seed, office);
        await ReadAsync(seed, mailbox, office, handled: 1);
        office.Uids.ShouldBe(["1"]);

        office.DiesAtQuit = false;
        await AgainAsync(seed, mailbox, office);
        office.Uids.ShouldBeEmpty();
        office.Reads("1").ShouldBe(1);
        await InboundFixture.EventsAsync(seed, 1);
    }

    [Fact]
    public async Task What_died_between_its_effect_and_its_mark_is_read_again_to_no_further_effect()
    {
        var seed = await fixture.SentAsync();
        await using var office = new PostOffice();
        office.Put("1", $"To: {fixture.ReturnPathOf(seed)}\n{Returned.Bounce("5.1.1", "550 5.1.1 User unknown")}");
        var mailbox = await MakeAsync(seed, office, new { when_handled = "keep" });
        await ReadAsync(seed, mailbox, office, handled: 1);
        await service.SqlAsync($"DELETE FROM campaignhub.bounce_mailbox_messages WHERE mailbox_id = '{mailbox}'");
        await AgainAsync(seed, mailbox, office);
        await Eventually.Async(() => Task.FromResult(office.Reads("1") == 2), "it is read again");
        (await service.QueryAsync<long>(seed.Tenant, "SELECT count(*) FROM inbound_reports")).Single().ShouldBe(1);
        await InboundFixture.EventsAsync(seed, 1);
        office.Uids.ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_bounce_that_is_faster_than_its_relays_answer_waits()
    {
        var seed = await fixture.SentAsync();
        // With a not_before it is none that a dead worker left, which the sweeper would sort out.
        await service.SqlAsync($"UPDATE campaignhub.deliveries SET state = 'sending', not_before = updated_at WHERE tenant_id = '{seed.Tenant.Id}'");
        await using var office = new PostOffice();
        office.Put("1", $"To: {fixture.ReturnPathOf(seed)}\n{Returned.Bounce("5.1.1", "550 5.1.1 User unknown")}");
        var mailbox = await MakeAsync(seed, office);
        await ReadAsync(seed, mailbox, office, handled: 0);
        office.Uids.ShouldBe(["1"]);
        await service.SqlAsync($"UPDATE campaignhub.deliveries SET state = 'accepted', not_before = NULL WHERE tenant_id = '{seed.Tenant.Id}'");
        await AgainAsync(seed, mailbox, office);
        await InboundFixture.EventsAsync(seed, 1);
    }

    [Theory]
    [InlineData("Subject: Hello\n\nMessage-ID: <01936c5a-7d20-7c11-9c5e-0d8f3b6f1a22@shop\0.example>")]
    [InlineData("Subject: Hello\n\n{\"notificationType\":\"Bounce\",\"bounc\\ud800\":1}")]
    public async Task No_strangers_mail_keeps_what_lies_behind_it_from_being_read(string hostile)
    {
        var seed = await fixture.SentAsync();
        await using var office = new PostOffice();
        office.Put("1", hostile);
        office.Put("2", $"To: {fixture.ReturnPathOf(seed)}\n{Returned.Bounce("5.1.1", "550 5.1.1 User unknown")}");
        var mailbox = await MakeAsync(seed, office);
        (await ReadAsync(seed, mailbox, office, handled: 1))["unmatched"]!.GetValue<long>().ShouldBe(1);
        office.Uids.ShouldBe(["1"]);
    }

    [Fact]
    public async Task What_cant_be_read_says_why_and_is_tried_again()
    {
        var seed = await fixture.SentAsync();
        await using var office = new PostOffice();
        var mailbox = await MakeAsync(seed, office, new { password = "wrong" });
        var refused = await Eventually.Async(() => seed.Tenant.Http.GetJsonAsync($"/v1/bounce-mailboxes/{mailbox}"), m => m["problem"] is not null, "the problem is shown");
        refused["problem"]!.GetValue<string>().ShouldStartWith("The server refuses the login");
        var check = await seed.Tenant.Http.PostAsync($"/v1/bounce-mailboxes/{mailbox}/check", null).ExpectAsync(HttpStatusCode.OK);
        check["ok"]!.GetValue<bool>().ShouldBeFalse();

        await seed.Tenant.Http.PatchAsync($"/v1/bounce-mailboxes/{mailbox}", new { password = PostOffice.Password }, HttpStatusCode.OK);
        var read = await Eventually.Async(() => seed.Tenant.Http.GetJsonAsync($"/v1/bounce-mailboxes/{mailbox}"), m => m["read_at"] is not null, "it is read");
        read["problem"].ShouldBeNull();
        check = await seed.Tenant.Http.PostAsync($"/v1/bounce-mailboxes/{mailbox}/check", null).ExpectAsync(HttpStatusCode.OK);
        (check["ok"]!.GetValue<bool>(), check["messages"]!.GetValue<long>()).ShouldBe((true, 0));
    }

    [Fact]
    public async Task A_server_that_sends_without_end_is_hung_up_on()
    {
        var seed = await fixture.SentAsync();
        await using var office = new PostOffice { SendsWithoutEnd = true };
        office.Put("1", "Subject: Hello");
        var mailbox = await MakeAsync(seed, office);
        var view = await Eventually.Async(() => seed.Tenant.Http.GetJsonAsync($"/v1/bounce-mailboxes/{mailbox}"), m => m["problem"] is not null, "the problem is shown");
        view["problem"]!.GetValue<string>().ShouldBe("The server sends more than was asked for.");
        office.Uids.ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_certificate_of_nobody_known_is_refused_unless_it_is_given_as_a_root()
    {
        var seed = await fixture.SentAsync();
        using var certificate = Relay.Certificate("127.0.0.1");
        await using var office = new PostOffice(certificate);
        var mailbox = await MakeAsync(seed, office, new { tls = "implicit", enabled = false });
        (await CheckAsync())["problem"]!.GetValue<string>().ShouldStartWith("TLS fails");
        await seed.Tenant.Http.PatchAsync($"/v1/bounce-mailboxes/{mailbox}", new { root_certificates = certificate.ExportCertificatePem(), password = PostOffice.Password }, HttpStatusCode.OK);
        var check = await CheckAsync();
        check["ok"]!.GetValue<bool>().ShouldBeTrue(check.ToJsonString());

        Task<JsonObject> CheckAsync() => seed.Tenant.Http.PostAsync($"/v1/bounce-mailboxes/{mailbox}/check", null).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task STARTTLS_is_required_once_it_is_set()
    {
        var seed = await fixture.SentAsync();
        await using var office = new PostOffice();
        var mailbox = await MakeAsync(seed, office, new { tls = "starttls", enabled = false });
        var check = await seed.Tenant.Http.PostAsync($"/v1/bounce-mailboxes/{mailbox}/check", null).ExpectAsync(HttpStatusCode.OK);
        check["problem"]!.GetValue<string>().ShouldBe("The server doesn't take STARTTLS, which the mailbox's settings require: -ERR not here");
        office.Logins.ShouldBe(0);
    }

    [Fact]
    public async Task Nothing_that_was_said_before_TLS_is_believed_under_it()
    {
        var seed = await fixture.SentAsync();
        using var certificate = Relay.Certificate("127.0.0.1");
        await using var office = new PostOffice(certificate, startTls: true);
        var mailbox = await MakeAsync(seed, office, new { tls = "starttls", enabled = false, root_certificates = certificate.ExportCertificatePem() });
        (await CheckAsync())["ok"]!.GetValue<bool>().ShouldBeTrue();
        office.Logins.ShouldBe(1);

        office.SaidBeforeTls = "+OK slipped in\r\n";
        var check = await CheckAsync();
        check["ok"]!.GetValue<bool>().ShouldBeFalse();
        office.Logins.ShouldBe(1);

        Task<JsonObject> CheckAsync() => seed.Tenant.Http.PostAsync($"/v1/bounce-mailboxes/{mailbox}/check", null).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_password_is_never_shown_nor_sent_to_another_host()
    {
        var tenant = await service.NewTenantAsync();
        var made = await tenant.Http.PostAsync("/v1/bounce-mailboxes", new { name = "x", host = "127.0.0.1", username = "u", password = "secret-word", enabled = false }, HttpStatusCode.Created);
        made.ToJsonString().ShouldNotContain("secret-word");
        (made["port"]!.GetValue<int>(), made["tls"]!.GetValue<string>(), made["folder"]!.GetValue<string>()).ShouldBe((993, "implicit", "INBOX"));
        (await service.QueryAsync<string>(tenant, "SELECT encode(password_encrypted, 'escape') FROM bounce_mailboxes")).Single().ShouldNotContain("secret-word");
        var path = $"/v1/bounce-mailboxes/{made["id"]}";
        foreach (var change in (object[])[new { host = "127.0.0.2" }, new { tls = "none" }])
            (await tenant.Http.PatchAsync(path, change, HttpStatusCode.UnprocessableEntity)).FieldCode("password").ShouldBe("required");
        (await tenant.Http.PatchAsync(path, new { host = "10.0.0.1", password = "x" }, HttpStatusCode.UnprocessableEntity)).FieldCode("host").ShouldBe("not_allowed");
        (await tenant.Http.PatchAsync(path, new { when_handled = "move" }, HttpStatusCode.UnprocessableEntity)).FieldCode("move_to").ShouldBe("required");
        (await tenant.Http.PatchAsync(path, new { tls = "opportunistic" }, HttpStatusCode.UnprocessableEntity)).FieldCode("tls").ShouldNotBeNull();
        using var deleted = await tenant.Http.DeleteAsync(path);
        deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    private static async Task<Guid> MakeAsync(Seed seed, PostOffice office, object? fields = null)
    {
        var body = JsonNode.Parse($$"""
            { "name": "Bounces", "protocol": "pop3", "host": "127.0.0.1", "port": {{office.Port}}, "tls": "none", "username": "bounces", "password": "{{PostOffice.Password}}" }
            """)!.AsObject();
        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(fields ?? new { })!.AsObject())
            body[name] = value?.DeepClone();
        return (await seed.Tenant.Http.PostAsync("/v1/bounce-mailboxes", body, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
    }

    /// <summary>Waits until a session with the office has ended in which so many had been handled.</summary>
    private static async Task<JsonObject> ReadAsync(Seed seed, Guid mailbox, PostOffice office, long handled)
    {
        await Eventually.Async(() => Task.FromResult(office.Sessions > 0), "the mailbox is read");
        return await Eventually.Async(
            () => seed.Tenant.Http.GetJsonAsync($"/v1/bounce-mailboxes/{mailbox}"), m => m["read_at"] is not null && m["handled"]!.GetValue<long>() == handled, "it is noted");
    }

    /// <summary>Has it looked at again, and waits for the session's end.</summary>
    private static async Task AgainAsync(Seed seed, Guid mailbox, PostOffice office)
    {
        var before = office.Sessions;
        await seed.Tenant.Http.PatchAsync($"/v1/bounce-mailboxes/{mailbox}", new { enabled = true }, HttpStatusCode.OK);
        await Eventually.Async(() => Task.FromResult(office.Sessions > before), "the mailbox is read again");
    }
}
