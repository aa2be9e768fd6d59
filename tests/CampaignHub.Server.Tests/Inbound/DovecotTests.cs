using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Tests.Relays.Smtp;

namespace CampaignHub.Server.Tests.Inbound;

public sealed class DovecotTests(InboundFixture fixture) : IClassFixture<InboundFixture>
{
    [ProgramFact(Dovecot.Packages, Dovecot.Program, Dovecot.Imap)]
    public async Task Over_IMAP_a_bounce_is_told_of_as_it_comes_and_deleted()
    {
        var seed = await fixture.SentAsync(deliveries: 2);
        await using var dovecot = await Dovecot.StartAsync();
        await dovecot.PutAsync("bounces", $"To: {fixture.ReturnPathOf(seed)}\n{Returned.Bounce("5.1.1", "550 5.1.1 User unknown")}");
        await dovecot.PutAsync("bounces", "From: somebody@mail.example\nSubject: Hello\n\nDo you sell tea?");
        var mailbox = await MakeAsync(seed, new { port = dovecot.ImapPort });
        await InboundFixture.EventsAsync(seed, 1);

        // The next look is more than a minute away: the server tells of what is new.
        await dovecot.PutAsync("bounces", $"To: {fixture.ReturnPathOf(seed, 1)}\n{Returned.Complaint()}");
        await InboundFixture.EventsAsync(seed, 2);
        await Eventually.Async(async () => (await dovecot.SubjectsAsync("bounces")).Count == 1, "both are deleted");
        (await dovecot.SubjectsAsync("bounces")).ShouldBe(["Hello"]);
        var view = await Eventually.Async(() => ViewAsync(seed, mailbox), m => m["handled"]!.GetValue<long>() == 2, "both are noted");
        view["unmatched"]!.GetValue<long>().ShouldBe(1);
    }

    [ProgramFact(Dovecot.Packages, Dovecot.Program, Dovecot.Imap)]
    public async Task Over_IMAP_what_was_handled_is_moved_to_a_folder_that_is_made()
    {
        var seed = await fixture.SentAsync();
        await using var dovecot = await Dovecot.StartAsync();
        await dovecot.PutAsync("bounces", $"To: {fixture.ReturnPathOf(seed)}\n{Returned.Bounce("5.1.1", "550 5.1.1 User unknown")}");
        var mailbox = await MakeAsync(seed, new { port = dovecot.ImapPort, when_handled = "move", move_to = "Handled" });
        await Eventually.Async(async () => (await dovecot.SubjectsAsync("bounces")).Count == 0, "it is moved");
        (await dovecot.SubjectsAsync("bounces", "Handled")).ShouldBe(["Undelivered Mail Returned to Sender"]);
        (await ViewAsync(seed, mailbox))["problem"].ShouldBeNull();
    }

    [ProgramFact(Dovecot.Packages, Dovecot.Program, Dovecot.Imap)]
    public async Task Over_IMAP_what_is_kept_is_read_once()
    {
        var seed = await fixture.SentAsync();
        await using var dovecot = await Dovecot.StartAsync();
        await dovecot.PutAsync("bounces", $"To: {fixture.ReturnPathOf(seed)}\n{Returned.Bounce("5.1.1", "550 5.1.1 User unknown")}");
        var mailbox = await MakeAsync(seed, new { port = dovecot.ImapPort, when_handled = "keep" });
        await Eventually.Async(() => ViewAsync(seed, mailbox), m => m["handled"]!.GetValue<long>() == 1, "it is noted");
        await dovecot.PutAsync("bounces", "From: somebody@mail.example\nSubject: Hello\n\nDo you sell tea?");
        var view = await Eventually.Async(() => ViewAsync(seed, mailbox), m => m["unmatched"]!.GetValue<long>() == 1, "the next one is noted");
        view["handled"]!.GetValue<long>().ShouldBe(1);
        (await dovecot.SubjectsAsync("bounces")).Count.ShouldBe(2);
        await InboundFixture.EventsAsync(seed, 1);
    }

    [ProgramFact(Dovecot.Packages, Dovecot.Program, Dovecot.Pop3)]
    public async Task Over_POP3_a_bounce_is_handled_and_deleted()
    {
        var seed = await fixture.SentAsync();
        await using var dovecot = await Dovecot.StartAsync();
        await dovecot.PutAsync("bounces", $"To: {fixture.ReturnPathOf(seed)}\n{Returned.Bounce("5.1.1", "550 5.1.1 User unknown")}");
        await dovecot.PutAsync("bounces", "From: somebody@mail.example\nSubject: Hello\n\nDo you sell tea?");
        await MakeAsync(seed, new { protocol = "pop3", port = dovecot.Pop3Port });
        await Eventually.Async(async () => (await dovecot.SubjectsAsync("bounces")).Count == 1, "it is deleted");
        (await dovecot.SubjectsAsync("bounces")).ShouldBe(["Hello"]);
        await InboundFixture.EventsAsync(seed, 1);
    }

    [ProgramFact(Dovecot.Packages, Dovecot.Program, Dovecot.Imap, Dovecot.Pop3)]
    public async Task With_STARTTLS_both_are_read_under_a_certificate_that_is_right()
    {
        var seed = await fixture.SentAsync(deliveries: 2);
        using var certificate = Relay.Certificate("127.0.0.1");
        await using var dovecot = await Dovecot.StartAsync(certificate);
        var mailbox = await MakeAsync(seed, new { port = dovecot.ImapPort, tls = "starttls" });
        var view = await Eventually.Async(() => ViewAsync(seed, mailbox), m => m["problem"] is not null, "the certificate of nobody known is refused");
        view["problem"]!.GetValue<string>().ShouldStartWith("TLS fails");

        var root = certificate.ExportCertificatePem();
        await dovecot.PutAsync("bounces", $"To: {fixture.ReturnPathOf(seed)}\n{Returned.Bounce("5.1.1", "550 5.1.1 User unknown")}");
        await seed.Tenant.Http.PatchAsync($"/v1/bounce-mailboxes/{mailbox}", new { root_certificates = root, password = Dovecot.Password }, HttpStatusCode.OK);
        await InboundFixture.EventsAsync(seed, 1);

        await dovecot.PutAsync("others", $"To: {fixture.ReturnPathOf(seed, 1)}\n{Returned.Bounce("5.1.1", "550 5.1.1 User unknown")}");
        await MakeAsync(seed, new { protocol = "pop3", port = dovecot.Pop3Port, username = "others", tls = "starttls", root_certificates = root });
        await InboundFixture.EventsAsync(seed, 2);
    }

    private static Task<JsonObject> ViewAsync(Seed seed, Guid mailbox) => seed.Tenant.Http.GetJsonAsync($"/v1/bounce-mailboxes/{mailbox}");

    private static async Task<Guid> MakeAsync(Seed seed, object fields)
    {
        var body = JsonNode.Parse($$"""{ "name": "Bounces", "host": "127.0.0.1", "tls": "none", "username": "bounces", "password": "{{Dovecot.Password}}" }""")!.AsObject();
        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(fields)!.AsObject())
            body[name] = value?.DeepClone();
        return (await seed.Tenant.Http.PostAsync("/v1/bounce-mailboxes", body, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
    }
}
