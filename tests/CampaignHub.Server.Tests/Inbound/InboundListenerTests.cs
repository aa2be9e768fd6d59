using CampaignHub.Core.Sending;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Inbound;
using CampaignHub.Server.Tests.Audience.Imports;

namespace CampaignHub.Server.Tests.Inbound;

public sealed class InboundListenerTests(InboundFixture fixture) : IClassFixture<InboundFixture>
{
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task A_bounce_for_good_is_an_event_and_suppresses_once_however_often_it_comes()
    {
        var seed = await fixture.SentAsync();
        using (var server = await fixture.ConnectAsync())
            for (var i = 0; i < 3; i++)
                (await server.DeliverAsync(Returned.Bounce("5.1.1", "550 5.1.1 User unknown"), fixture.ReturnPathOf(seed))).ShouldStartWith("250");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async i =>
        {
            using var server = await fixture.ConnectAsync();
            (await server.DeliverAsync(Returned.Bounce("5.1.1", "550 5.1.1 User unknown", id: $"other-{i % 2}"), fixture.ReturnPathOf(seed))).ShouldStartWith("250");
        }));

        var bounced = (await InboundFixture.EventsAsync(seed, 1)).ShouldHaveSingleItem();
        bounced["type"]!.GetValue<string>().ShouldBe("delivery.bounced");
        bounced["class"]!.GetValue<string>().ShouldBe("hard");
        bounced["reason"]!.GetValue<string>().ShouldBe("unknown_user");
        bounced["delivery_id"]!.GetValue<Guid>().ShouldBe(seed.Deliveries[0]);
        var suppression = (await seed.Tenant.Http.GetJsonAsync("/v1/suppressions"))["data"]!.AsArray().ShouldHaveSingleItem()!;
        suppression["pattern"]!.GetValue<string>().ShouldBe($"{seed.Recipients[0]}@mail.example");
        suppression["reason"]!.GetValue<string>().ShouldBe("bounce");
        suppression["note"]!.GetValue<string>().ShouldBe("550 5.1.1 User unknown");
        var reports = (await seed.Tenant.Http.GetJsonAsync($"/v1/deliveries/{seed.Deliveries[0]}/inbound-reports"))["data"]!.AsArray();
        reports.Count.ShouldBe(3);
        reports[0]!["code"]!.GetValue<string>().ShouldBe("5.1.1");
        (await ConsentAsync(seed)).ShouldBe("granted");
    }

    [Fact]
    public async Task What_is_no_return_path_of_ours_is_refused_and_changes_nothing()
    {
        var (seed, other) = (await fixture.SentAsync(), await fixture.SentAsync(domain: "other.example"));
        var path = fixture.ReturnPathOf(seed);
        using var server = await fixture.ConnectAsync();
        foreach (var forged in (string[])[
            path.Replace("@bounces.example", "@other.example", StringComparison.Ordinal), // another tenant's
            path.Replace("@bounces.example", "@nobody.example", StringComparison.Ordinal),
            (path[2] == 'a' ? "b.b" : "b.a") + path[3..],
            ReturnPath.Make(fixture.KeyOf(seed), Guid.Empty, "bounces.example"), // a relay's check
            "postmaster@bounces.example", "news@shop.example", "nobody", ""])
            (await server.DeliverAsync(Returned.Bounce("5.1.1", "550 5.1.1 User unknown"), forged)).ShouldStartWith("550 5.1.1");
        (await server.DeliverAsync(Returned.Bounce("5.1.1", "x"), ReturnPath.Make(fixture.KeyOf(seed), Guid.CreateVersion7(), "bounces.example"))).ShouldStartWith("250");
        foreach (var tenant in (TestTenant[])[seed.Tenant, other.Tenant])
        {
            (await service.QueryAsync<long>(tenant, "SELECT count(*) FROM inbound_reports")).Single().ShouldBe(0);
            (await service.QueryAsync<long>(tenant, "SELECT count(*) FROM events")).Single().ShouldBe(0);
            (await service.QueryAsync<long>(tenant, "SELECT count(*) FROM suppressions")).Single().ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_return_path_made_under_an_older_key_still_counts()
    {
        var seed = await fixture.SentAsync();
        var keys = service.Get<KeyRing>().DeriveAll(seed.Tenant.Id, KeyPurpose.ReturnPath, ReturnPath.KeyBytes);
        keys.Length.ShouldBe(2);
        using var server = await fixture.ConnectAsync();
        (await server.DeliverAsync(Returned.Bounce("5.1.1", "550 5.1.1 User unknown"), ReturnPath.Make(keys[^1], seed.Deliveries[0], "bounces.example").ToUpperInvariant()))
            .ShouldStartWith("250");
        await InboundFixture.EventsAsync(seed, 1);
    }

    [Fact]
    public async Task An_address_that_mail_comes_back_from_again_and_again_is_suppressed()
    {
        var seed = await fixture.SentAsync(deliveries: 4);
        await service.SqlAsync($"UPDATE campaignhub.deliveries SET recipient_id = '{seed.Recipients[0]}' WHERE tenant_id = '{seed.Tenant.Id}'");
        using var server = await fixture.ConnectAsync();
        // What is still being tried, and what is refused as spam, says nothing of the address; neither does the same delivery twice.
        await server.DeliverAsync(Returned.Bounce("4.4.1", "451 try later", action: "delayed"), fixture.ReturnPathOf(seed, 3));
        await server.DeliverAsync(Returned.Bounce("5.7.1", "550 5.7.1 blocked as spam"), fixture.ReturnPathOf(seed, 3));
        await server.DeliverAsync(Returned.Bounce("5.2.2", "552 5.2.2 mailbox full"), fixture.ReturnPathOf(seed));
        await server.DeliverAsync(Returned.Bounce("5.2.2", "552 5.2.2 mailbox full", id: "again"), fixture.ReturnPathOf(seed));
        await server.DeliverAsync(Returned.Bounce("4.4.7", "delivery time expired"), fixture.ReturnPathOf(seed, 1));
        (await service.QueryAsync<long>(seed.Tenant, "SELECT count(*) FROM suppressions")).Single().ShouldBe(0);
        await server.DeliverAsync(Returned.Bounce("4.4.7", "delivery time expired"), fixture.ReturnPathOf(seed, 2));
        (await service.QueryAsync<string>(seed.Tenant, "SELECT reason FROM suppressions")).Single().ShouldBe("bounce");
        (await InboundFixture.EventsAsync(seed, 4)).Select(e => $"{e["class"]} {e["reason"]}").ShouldBe(
            ["soft policy", "soft mailbox_full", "soft transient", "soft transient"]);
    }

    [Fact]
    public async Task A_complaint_withdraws_and_suppresses()
    {
        var seed = await fixture.SentAsync();
        using var server = await fixture.ConnectAsync();
        (await server.DeliverAsync(Returned.Complaint(), fixture.ReturnPathOf(seed))).ShouldStartWith("250");
        (await ConsentAsync(seed)).ShouldBe("withdrawn");
        (await service.QueryAsync<string>(seed.Tenant, "SELECT reason FROM suppressions")).Single().ShouldBe("complaint");
        (await InboundFixture.EventsAsync(seed, 1)).Single()["type"]!.GetValue<string>().ShouldBe("delivery.complained");
    }

    [Fact]
    public async Task Too_many_complaints_raise_an_alarm_and_then_pause_the_campaign_once()
    {
        var seed = await fixture.SentAsync(deliveries: 1_200);
        // One is still to be sent, so that the campaign isn't finished.
        await service.SqlAsync($"""
            UPDATE campaignhub.deliveries SET state = 'deferred', not_before = updated_at + interval '1 day' WHERE delivery_id = '{seed.Deliveries[^1]}';
            UPDATE campaignhub.campaigns SET status = 'sending', finished_at = NULL WHERE campaign_id = '{seed.CampaignId}';
            """);
        using var server = await fixture.ConnectAsync();
        await ComplainAsync(0);
        await AlarmsAsync();
        await ComplainAsync(1); // 0.17 %
        await AlarmsAsync("alarm");
        (await StatusAsync()).ShouldBe("sending");
        await ComplainAsync(2); // 0.25 %
        await ComplainAsync(3); // 0.33 %
        await AlarmsAsync("alarm", "pause");
        (await StatusAsync()).ShouldBe("paused");
        var campaign = await seed.Tenant.Http.GetJsonAsync($"/v1/campaigns/{seed.CampaignId}");
        campaign["paused_reason"]!.GetValue<string>().ShouldBe("4 of 1199 people at mail.example who got the message reported it as spam (0.33 %).");

        // Whoever resumes it has the last word.
        await seed.Tenant.Http.PostAsync($"/v1/campaigns/{seed.CampaignId}/resume", null).ExpectAsync(System.Net.HttpStatusCode.Accepted);
        await ComplainAsync(4);
        await AlarmsAsync("alarm", "pause");
        (await StatusAsync()).ShouldNotBe("paused");

        async Task ComplainAsync(int delivery) => (await server.DeliverAsync(Returned.Complaint(), fixture.ReturnPathOf(seed, delivery))).ShouldStartWith("250");

        async Task<string> StatusAsync() => (await service.QueryAsync<string>(seed.Tenant, "SELECT status FROM campaigns")).Single();

        async Task AlarmsAsync(params string[] classes) => (await service.QueryAsync<string>(
            seed.Tenant, "SELECT class FROM events WHERE type = 'campaign.complaint_rate' ORDER BY event_id")).ShouldBe(classes);
    }

    [Fact]
    public async Task A_reply_is_an_event_that_says_how_long_it_took_and_an_automatic_one_is_none()
    {
        var seed = await fixture.SentAsync();
        await service.SqlAsync($"UPDATE campaignhub.deliveries SET sent_at = updated_at - interval '30 minutes' WHERE tenant_id = '{seed.Tenant.Id}'");
        using var server = await fixture.ConnectAsync();
        await server.DeliverAsync("From: Ann <ann@mail.example>\nSubject: Out of office\nAuto-Submitted: auto-replied\n\nGone.", fixture.ReturnPathOf(seed));
        await server.DeliverAsync("From: Ann <ann@mail.example>\nSubject: Re: Sale\n\nYes, please.", fixture.ReturnPathOf(seed));
        await server.DeliverAsync("From: Ann <ann@mail.example>\nSubject: Re: Sale\n\nAnd two of them.", fixture.ReturnPathOf(seed));
        var reply = (await InboundFixture.EventsAsync(seed, 1)).ShouldHaveSingleItem();
        reply["type"]!.GetValue<string>().ShouldBe("delivery.replied");
        reply["response_seconds"]!.GetValue<long>().ShouldBeInRange(90 * 60, 90 * 60 + 600);
        (await service.QueryAsync<string>(seed.Tenant, "SELECT class FROM inbound_reports ORDER BY report_id")).ShouldBe(["auto_reply", "reply", "reply"]);
    }

    [Fact]
    public async Task By_LMTP_each_recipient_has_an_answer_of_its_own()
    {
        var seed = await fixture.SentAsync(deliveries: 3);
        await service.SqlAsync($"UPDATE campaignhub.deliveries SET state = 'sending', not_before = updated_at WHERE delivery_id = '{seed.Deliveries[1]}'");
        using var server = await fixture.ConnectAsync("LHLO mx.example");
        (await server.DeliverAsync(Returned.Bounce("5.1.1", "550 5.1.1 User unknown"), [.. Enumerable.Range(0, 3).Select(i => fixture.ReturnPathOf(seed, i))])).ShouldStartWith("250");
        // What comes back before the relay's answer is recorded is asked for again.
        (await server.ReplyAsync()).ShouldStartWith("451");
        (await server.ReplyAsync()).ShouldStartWith("250");
        await InboundFixture.EventsAsync(seed, 2);
        await service.SqlAsync($"UPDATE campaignhub.deliveries SET state = 'accepted', not_before = NULL WHERE delivery_id = '{seed.Deliveries[1]}'");
        (await server.DeliverAsync(Returned.Bounce("5.1.1", "550 5.1.1 User unknown"), fixture.ReturnPathOf(seed, 1))).ShouldStartWith("250");
        await InboundFixture.EventsAsync(seed, 3);
    }

    [Fact]
    public async Task Clients_that_misbehave_are_told_so_and_harm_nobody()
    {
        var seed = await fixture.SentAsync();
        using (var server = await fixture.ConnectAsync())
        {
            (await server.SayAsync("DATA")).ShouldStartWith("503");
            (await server.SayAsync("RCPT TO:<x@y.example>")).ShouldStartWith("503");
            (await server.SayAsync("MAIL FROM:x")).ShouldStartWith("501");
            (await server.SayAsync("MAKE COFFEE")).ShouldStartWith("500");
            await server.WriteAsync("MAIL FROM:<>\r\nRSET\r\nNOOP\r\n");
            foreach (var _ in (int[])[1, 2, 3])
                (await server.ReplyAsync()).ShouldStartWith("250");
            var last = "";
            for (var i = 0; i < 20 && !last.StartsWith("421", StringComparison.Ordinal); i++)
                last = await server.SayAsync("MAKE COFFEE");
            last.ShouldStartWith("421");
            (await server.ReplyAsync()).ShouldBe("");
        }
        using (var server = await fixture.ConnectAsync())
        {
            await server.WriteAsync(new string('x', 100_000));
            (await server.ReplyAsync()).ShouldBe("");
        }
        using (var server = await fixture.ConnectAsync())
            await server.WriteAsync($"MAIL FROM:<>\r\nRCPT TO:<{fixture.ReturnPathOf(seed)}>\r\nDATA\r\nSubject: Undelivered\r\n\r\nhalf"); // and leaves
        using (var server = await fixture.ConnectAsync())
        {
            // Only CRLF.CRLF ends a message; dots that were added go.
            (await server.SayAsync("MAIL FROM:<>")).ShouldStartWith("250");
            (await server.SayAsync($"RCPT TO:<{fixture.ReturnPathOf(seed)}>")).ShouldStartWith("250");
            (await server.SayAsync("DATA")).ShouldStartWith("354");
            await server.WriteAsync($"From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\n.\n\r\n<{seed.Recipients[0]}@mail.example>: {new string('z', 3_000_000)}\r\n..\r\n.\r\n");
            (await server.ReplyAsync()).ShouldStartWith("250");
        }
        (await service.QueryAsync<string>(seed.Tenant, "SELECT class FROM inbound_reports")).ShouldBe(["soft"]);
    }

    private async Task<string> ConsentAsync(Seed seed) =>
        (await service.QueryAsync<string>(seed.Tenant, $"SELECT consent_status FROM recipients WHERE recipient_id = '{seed.Recipients[0]}'")).Single();
}
