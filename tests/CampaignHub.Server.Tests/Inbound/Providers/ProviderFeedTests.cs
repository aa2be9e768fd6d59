using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CampaignHub.Core;
using CampaignHub.Core.Inbound.Providers;
using CampaignHub.Core.Sending;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Inbound.Providers;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Tests.Audience.Imports;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace CampaignHub.Server.Tests.Inbound.Providers;

public sealed class ProviderFeedTests(ProviderStandIn providers) : IClassFixture<ProviderStandIn>
{
    private readonly TestService service = providers.Service;

    public static TheoryData<ProviderKind> Kinds => [.. Enum.GetValues<ProviderKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_bounce_for_good_suppresses_and_is_one_event_however_often_it_is_posted(ProviderKind kind)
    {
        var (seed, feed) = await SeedAsync(kind);
        var post = providers.Signed(kind, providers.Payload(kind, "hard", About(seed) with { Token = TokenOf(seed) }));
        for (var i = 0; i < 3; i++)
            await providers.SendAsync(feed, post).ExpectAsync(HttpStatusCode.OK);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => providers.SendAsync(feed, post).ExpectAsync(HttpStatusCode.OK)));

        var bounced = (await InboundFixture.EventsAsync(seed, 1)).Single();
        $"{bounced["type"]} {bounced["class"]} {bounced["reason"]} {bounced["delivery_id"]}".ShouldBe($"delivery.bounced hard unknown_user {seed.Deliveries[0]}");
        (await service.QueryAsync<string>(seed.Tenant, "SELECT reason FROM suppressions")).ShouldBe(["bounce"]);
        (await seed.Tenant.Http.GetJsonAsync($"/v1/deliveries/{seed.Deliveries[0]}/inbound-reports"))["data"]!.AsArray().Count.ShouldBe(1);
        var seen = await SettledAsync(seed, feed, matched: 1);
        seen["unmatched"]!.GetValue<long>().ShouldBe(0);
        seen["received_at"].ShouldNotBeNull();
        (await service.QueryAsync<long>(seed.Tenant, "SELECT count(*) FROM provider_events")).Single().ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_a_provider_says_has_the_effects_that_mail_has_and_its_own_opens_have_none(ProviderKind kind)
    {
        var (seed, feed) = await SeedAsync(kind, deliveries: 5);
        string[] happened = ["delivered", "open", "deferred", "complaint", "unsubscribe"];
        foreach (var (what, i) in happened.Select((what, i) => (what, i)))
            await providers.PostAsync(kind, feed, providers.Payload(kind, what, About(seed, i) with { Token = TokenOf(seed, i) })).ExpectAsync(HttpStatusCode.OK);
        await SettledAsync(seed, feed, matched: 3);
        (await InboundFixture.EventsAsync(seed, 2)).Select(e => $"{e["type"]} {e["delivery_id"]}").ShouldBe(
            [$"delivery.complained {seed.Deliveries[3]}", $"delivery.unsubscribed {seed.Deliveries[4]}"], ignoreOrder: true);
        (await service.QueryAsync<string>(seed.Tenant, "SELECT class || ' ' || is_final FROM inbound_reports ORDER BY class")).ShouldBe(
            ["complaint true", "soft false", "unsubscribe true"]);
        (await service.QueryAsync<Guid>(seed.Tenant, "SELECT recipient_id FROM recipients WHERE consent_status = 'withdrawn'")).ShouldBe(
            [seed.Recipients[3], seed.Recipients[4]], ignoreOrder: true);
        (await service.QueryAsync<string>(seed.Tenant, "SELECT reason FROM suppressions")).ShouldBe(["complaint"]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_wrong_signature_is_refused_and_stores_nothing(ProviderKind kind)
    {
        var (seed, feed) = await SeedAsync(kind);
        var payload = providers.Payload(kind, "hard", About(seed) with { Token = TokenOf(seed) });
        var right = providers.Signed(kind, payload);
        Signed[] wrong =
        [
            new(right.Body.Replace("\"Signature\":\"", "\"Signature\":\"AAAA", StringComparison.Ordinal).Replace("\"token\":\"", "\"token\":\"0", StringComparison.Ordinal)
                + (kind == ProviderKind.Sendgrid ? " " : ""), kind == ProviderKind.Sendgrid ? right.Headers : []),
            new(payload.ToJsonString()), new(""), new("{"), new("[]"),
        ];
        foreach (var post in wrong)
            (await providers.SendAsync(feed, post).ExpectAsync(HttpStatusCode.Unauthorized)).ProblemType().ShouldBe("wrong_signature");
        if (kind is ProviderKind.Mailgun or ProviderKind.Postmark or ProviderKind.Brevo)
            await providers.PostAsync(kind, feed, payload, "another secret, alas").ExpectAsync(HttpStatusCode.Unauthorized);
        (await service.QueryAsync<long>(seed.Tenant, "SELECT (SELECT count(*) FROM provider_posts) + (SELECT count(*) FROM provider_events)")).Single().ShouldBe(0);
        await providers.SendAsync(feed, right).ExpectAsync(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_feed_is_for_its_own_kind_and_tenant(ProviderKind kind)
    {
        var (seed, feed) = await SeedAsync(kind);
        var (other, foreign) = await SeedAsync(kind);
        // Signed by the same provider for another tenant: its token means nothing there.
        await providers.PostAsync(kind, foreign, providers.Payload(kind, "hard", About(seed) with { Token = TokenOf(seed), MessageId = $"{seed.Deliveries[0]}@shop.example" })).ExpectAsync(HttpStatusCode.OK);
        await GiveUpAsync(other, foreign);
        (await service.QueryAsync<long>(seed.Tenant, "SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM suppressions)")).Single().ShouldBe(0);

        var post = providers.Signed(kind, providers.Payload(kind, "hard", About(seed)));
        foreach (var path in (string[])[$"/hooks/{kind.Word()}/{Guid.CreateVersion7()}", $"/hooks/{kind.Word()}/x", $"/hooks/nobody/{feed["id"]}",
            $"/hooks/{(kind == ProviderKind.Brevo ? ProviderKind.Ses : ProviderKind.Brevo).Word()}/{feed["id"]}"])
            (await providers.SendAsync(new JsonObject { ["webhook_url"] = new Uri(service.Url, path).AbsoluteUri }, post).ExpectAsync(HttpStatusCode.NotFound)).ProblemType().ShouldBe("not_found");
        await seed.Tenant.Http.DeleteAsync($"/v1/provider-feeds/{feed["id"]}").ExpectAsync(HttpStatusCode.NoContent);
        await providers.SendAsync(feed, post).ExpectAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Mail_through_a_preset_is_known_again_though_the_provider_rewrote_its_Message_ID(ProviderKind kind)
    {
        await using var scenario = await Scenario.StartAsync(service);
        var preset = (await scenario.Http.GetJsonAsync("/v1/relay-presets"))["data"]!.AsArray().Single(p => p!["preset"]!.GetValue<string>() == kind.Word())!;
        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { headers = preset["headers"] }, HttpStatusCode.OK);
        await scenario.AddAsync("ann@shop.example");
        await scenario.AddAsync("bob@shop.example");
        var campaign = await scenario.DraftAsync();
        await scenario.Http.PostAsync($"/v1/campaigns/{campaign}/test", new { to = (string[])["eve@shop.example"] }, HttpStatusCode.OK);
        await scenario.PlanAsync(campaign);
        await scenario.LaunchAsync(campaign);
        await scenario.FinishedAsync(campaign);
        var feed = await providers.FeedAsync(scenario.Tenant, kind);
        // Of a test nobody is told: its token names no delivery.
        foreach (var person in (string[])["ann@shop.example", "eve@shop.example"])
        {
            var mail = scenario.Sink.Messages.Single(m => m.Recipients.Contains(person)).Parse();
            var about = new Message(person) { Token = TokenIn(kind, mail.Headers) };
            await providers.PostAsync(kind, feed, providers.Payload(kind, "hard", about)).ExpectAsync(HttpStatusCode.OK);
        }
        await Eventually.Async(() => scenario.Http.GetJsonAsync($"/v1/provider-feeds/{feed["id"]}"), f => f["matched"]!.GetValue<long>() == 1, "it is matched");
        (await service.QueryAsync<string>(scenario.Tenant, "SELECT pattern FROM suppressions")).ShouldBe(["ann@shop.example"]);
    }

    /// <summary>What the provider takes from a message and names in its posts, by its documentation.</summary>
    private static string TokenIn(ProviderKind kind, MimeKit.HeaderList headers) => kind switch
    {
        ProviderKind.Ses => headers["X-CampaignHub-Delivery"]!,
        ProviderKind.Mailgun => JsonNode.Parse(headers["X-Mailgun-Variables"]!)!["campaignhub"]!.GetValue<string>(),
        ProviderKind.Postmark => headers["X-PM-Metadata-campaignhub"]!,
        ProviderKind.Sendgrid => JsonNode.Parse(headers["X-SMTPAPI"]!)!["unique_args"]!["campaignhub"]!.GetValue<string>(),
        _ => headers["X-Mailin-custom"]!["campaignhub:".Length..],
    };

    [Fact]
    public async Task Too_many_complaints_raise_an_alarm_as_those_by_mail_do()
    {
        var (seed, feed) = await SeedAsync(ProviderKind.Sendgrid, deliveries: 1_100);
        // One post with the complaints of three people, the first of them twice: 0.27 %.
        var complaints = new JsonArray([.. new[] { 0, 1, 2, 0 }.Select(i => providers.Payload(ProviderKind.Sendgrid, "complaint", About(seed, i) with { Token = TokenOf(seed, i) })[0]!.DeepClone())]);
        await providers.PostAsync(ProviderKind.Sendgrid, feed, complaints).ExpectAsync(HttpStatusCode.OK);
        await SettledAsync(seed, feed, matched: 4);
        (await service.QueryAsync<string>(seed.Tenant, "SELECT class || ' ' || reason FROM events WHERE type = 'campaign.complaint_rate'")).Single().ShouldStartWith("alarm 2 of 1100");
        (await service.QueryAsync<long>(seed.Tenant, "SELECT complaints FROM complaint_counts")).Single().ShouldBe(3);
    }

    [Fact]
    public async Task Many_nodes_and_whatever_dies_between_two_commits_have_one_effect()
    {
        var (seed, feed) = await SeedAsync(ProviderKind.Sendgrid, deliveries: 20);
        var events = new JsonArray([.. Enumerable.Range(0, 20).Select(i => providers.Payload(ProviderKind.Sendgrid, i % 2 == 0 ? "hard" : "complaint", About(seed, i) with { Token = TokenOf(seed, i) })[0]!.DeepClone())]);
        await providers.PostAsync(ProviderKind.Sendgrid, feed, events).ExpectAsync(HttpStatusCode.OK);
        // Beside the service's own worker two more work the same rows off.
        var others = Enumerable.Range(0, 2).Select(_ => ActivatorUtilities.CreateInstance<ProviderEventWorker>(service.Services)).ToList();
        await Task.WhenAll(others.Select(worker => worker.StartAsync(CancellationToken.None)));
        await SettledAsync(seed, feed, matched: 20);
        // As if the service had died after the effect was committed and before the event was removed: the same events under another feed.
        var again = await providers.FeedAsync(seed.Tenant, ProviderKind.Sendgrid);
        await providers.PostAsync(ProviderKind.Sendgrid, again, events).ExpectAsync(HttpStatusCode.OK);
        await SettledAsync(seed, again, matched: 20);
        await Task.WhenAll(others.Select(worker => worker.StopAsync(CancellationToken.None)));
        (await service.QueryAsync<string>(seed.Tenant, "SELECT type || ' ' || count(*) FROM events WHERE delivery_id IS NOT NULL GROUP BY type ORDER BY type")).ShouldBe(["delivery.bounced 10", "delivery.complained 10"]);
        (await service.QueryAsync<long>(seed.Tenant, "SELECT count(*) FROM inbound_reports")).Single().ShouldBe(20);
        (await service.QueryAsync<long>(seed.Tenant, "SELECT sum(complaints)::bigint FROM complaint_counts")).Single().ShouldBe(10);
    }

    [Fact]
    public async Task A_delivery_is_found_by_token_then_by_the_relays_reply_then_by_return_path_then_by_Message_ID()
    {
        var (seed, feed) = await SeedAsync(ProviderKind.Ses, deliveries: 4);
        var messageId = $"{seed.Deliveries[3]}@shop.example";
        const string reply = "0107018f2c3d4e5f-8a2b1c3d-4e5f-6071-8293-a4b5c6d7e8f9-000000";
        // The person of the reply is the third one's, so that both would be found.
        await service.SqlAsync($"""
            UPDATE campaignhub.deliveries SET message_id = '{messageId}' WHERE delivery_id = '{seed.Deliveries[3]}';
            UPDATE campaignhub.deliveries SET smtp_reply = 'Ok {reply}' WHERE delivery_id = '{seed.Deliveries[1]}';
            """);
        var whole = About(seed, 1) with { Token = TokenOf(seed), ReturnPath = $"{TokenOf(seed, 2)}@bounces.example", MessageId = messageId, ProviderId = reply };
        Message[] known = [whole, whole with { Token = null }, whole with { Token = null, ProviderId = "another-id-of-theirs" }, whole with { Token = null, ProviderId = "another-id-of-theirs", ReturnPath = "news@shop.example" }];
        foreach (var (message, i) in known.Select((message, i) => (message, i)))
        {
            await providers.PostAsync(ProviderKind.Ses, feed, providers.Payload(ProviderKind.Ses, "hard", message)).ExpectAsync(HttpStatusCode.OK);
            await SettledAsync(seed, feed, matched: i + 1);
            (await service.QueryAsync<Guid>(seed.Tenant, "SELECT delivery_id FROM inbound_reports ORDER BY report_id DESC LIMIT 1")).Single().ShouldBe(seed.Deliveries[i]);
        }
    }

    [Fact]
    public async Task What_matches_nothing_is_tried_again_and_then_kept_counted_and_shown_without_addresses()
    {
        var (seed, feed) = await SeedAsync(ProviderKind.Mailgun);
        var message = new Message("somebody.else@mail.example") { Token = TokenOf(seed)[..^1] + (TokenOf(seed)[^1] == 'a' ? 'b' : 'a') };
        await providers.PostAsync(ProviderKind.Mailgun, feed, providers.Payload(ProviderKind.Mailgun, "hard", message)).ExpectAsync(HttpStatusCode.OK);
        (await UnmatchedAsync(seed, feed)).ShouldBeEmpty();
        await GiveUpAsync(seed, feed);
        var shown = (await UnmatchedAsync(seed, feed)).ShouldHaveSingleItem()!;
        $"{shown["class"]} {shown["rule"]} {shown["mail_domain"]} {shown["provider_message_id"]}".ShouldBe($"hard unknown_user mail.example {message.ProviderId}");
        shown.ToJsonString().ShouldNotContain("somebody");
        (await seed.Tenant.Http.GetJsonAsync($"/v1/provider-feeds/{feed["id"]}"))["unmatched"]!.GetValue<long>().ShouldBe(1);
        (await service.QueryAsync<long>(seed.Tenant, "SELECT count(*) FROM suppressions")).Single().ShouldBe(0);
    }

    [Fact]
    public async Task What_is_faster_than_the_relays_answer_waits_for_it()
    {
        var (seed, feed) = await SeedAsync(ProviderKind.Ses);
        // With a not_before it is none that a dead worker left, which the sweeper would sort out.
        await service.SqlAsync($"UPDATE campaignhub.deliveries SET state = 'sending', not_before = updated_at WHERE delivery_id = '{seed.Deliveries[0]}'");
        const string reply = "0107018f2c3d4e5f-8a2b1c3d-4e5f-6071-8293-a4b5c6d7e8f9-000000";
        await providers.PostAsync(ProviderKind.Ses, feed, providers.Payload(ProviderKind.Ses, "hard", About(seed) with { Token = TokenOf(seed) })).ExpectAsync(HttpStatusCode.OK);
        await providers.PostAsync(ProviderKind.Ses, feed, providers.Payload(ProviderKind.Ses, "complaint", About(seed) with { ProviderId = reply })).ExpectAsync(HttpStatusCode.OK);
        await Eventually.Async(async () => (await service.QueryAsync<long>(seed.Tenant, "SELECT count(*) FROM provider_events WHERE tries > 0")).Single() == 2, "both were tried");
        (await service.QueryAsync<long>(seed.Tenant, "SELECT count(*) FROM inbound_reports")).Single().ShouldBe(0);

        await service.SqlAsync($"""
            UPDATE campaignhub.deliveries SET state = 'accepted', not_before = NULL, smtp_reply = 'Ok {reply}' WHERE delivery_id = '{seed.Deliveries[0]}';
            UPDATE campaignhub.provider_events SET next_try_at = clock_timestamp() WHERE tenant_id = '{seed.Tenant.Id}';
            """);
        await SettledAsync(seed, feed, matched: 2);
        (await InboundFixture.EventsAsync(seed, 2)).Select(e => e["type"]!.GetValue<string>()).ShouldBe(["delivery.bounced", "delivery.complained"], ignoreOrder: true);
    }

    [Fact]
    public async Task Whom_you_suppress_at_Postmark_by_hand_is_suppressed_here_and_made_active_there_lifts_nothing_here()
    {
        var (seed, feed) = await SeedAsync(ProviderKind.Postmark);
        foreach (var email in (string[])[About(seed).Email, "nobody@mail.example"])
            await PostAsync(email, suppresses: true);
        await SettledAsync(seed, feed, matched: 1);
        await GiveUpAsync(seed, feed);
        await PostAsync(About(seed).Email, suppresses: false);
        (await UnmatchedAsync(seed, feed)).ShouldHaveSingleItem()!["class"]!.GetValue<string>().ShouldBe("suppressed");

        (await service.QueryAsync<string>(seed.Tenant, "SELECT pattern || ' ' || reason || ' ' || source FROM suppressions")).ShouldBe([$"{About(seed).Email} manual provider"]);
        (await service.QueryAsync<string>(seed.Tenant, "SELECT consent_status FROM recipients")).ShouldBe(["granted"]);
        (await service.QueryAsync<long>(seed.Tenant, "SELECT count(*) FROM inbound_reports")).ShouldBe([0L]);

        Task PostAsync(string email, bool suppresses) => providers.PostAsync(ProviderKind.Postmark, feed, new JsonObject
        {
            ["RecordType"] = "SubscriptionChange",
            ["MessageID"] = null,
            ["ChangedAt"] = "2026-11-27T10:53:34.416071Z",
            ["Recipient"] = email,
            ["Origin"] = "Customer",
            ["SuppressSending"] = suppresses,
            ["SuppressionReason"] = suppresses ? "ManualSuppression" : null,
            ["Metadata"] = new JsonObject(),
        }).ExpectAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_signature_of_Mailguns_counts_once_whatever_body_it_is_put_on()
    {
        var (seed, feed) = await SeedAsync(ProviderKind.Mailgun, deliveries: 2);
        var secret = providers.SecretOf(ProviderKind.Mailgun);
        var now = service.Get<IClock>().GetCurrentInstant().ToUnixTimeSeconds();
        var (stamp, token) = ($"{now}", "1" + Guid.CreateVersion7().ToString("N"));
        var seen = providers.Payload(ProviderKind.Mailgun, "delivered", About(seed));
        var forged = providers.Payload(ProviderKind.Mailgun, "complaint", About(seed, 1) with { Token = TokenOf(seed, 1) });
        await providers.SendAsync(feed, ProviderStandIn.MailgunSigned(seen, secret, stamp, token)).ExpectAsync(HttpStatusCode.OK);
        await providers.SendAsync(feed, ProviderStandIn.MailgunSigned(forged, secret, stamp, token)).ExpectAsync(HttpStatusCode.OK);
        // The border between time stamp and token isn't signed either.
        await providers.SendAsync(feed, ProviderStandIn.MailgunSigned(forged, secret, stamp + token[0], token[1..])).ExpectAsync(HttpStatusCode.Unauthorized);
        foreach (var old in (long[])[now - 2 * 86_400, now + 2 * 3_600])
            await providers.SendAsync(feed, ProviderStandIn.MailgunSigned(forged, secret, $"{old}", token + "x")).ExpectAsync(HttpStatusCode.Unauthorized);
        foreach (var absurd in (string[])["", "-1", "99999999999999999999", "9999999999999"])
            await providers.SendAsync(feed, ProviderStandIn.MailgunSigned(forged, secret, absurd, token + "y")).ExpectAsync(HttpStatusCode.Unauthorized);
        (await service.QueryAsync<long>(seed.Tenant, "SELECT count(*) FROM provider_events")).Single().ShouldBe(0);
        (await service.QueryAsync<long>(seed.Tenant, "SELECT count(*) FROM inbound_reports")).Single().ShouldBe(0);
    }

    [Fact]
    public async Task While_a_secret_is_rotated_both_count_and_the_same_again_ends_that()
    {
        var (seed, feed) = await SeedAsync(ProviderKind.Brevo);
        async Task PostAsync(string secret, HttpStatusCode expected) =>
            await providers.PostAsync(ProviderKind.Brevo, feed, providers.Payload(ProviderKind.Brevo, "delivered", About(seed)), secret).ExpectAsync(expected);

        var first = providers.SecretOf(ProviderKind.Brevo);
        var changed = await seed.Tenant.Http.PatchAsync($"/v1/provider-feeds/{feed["id"]}", new { secret = "the second secret" }, HttpStatusCode.OK);
        changed["former_secret_until"].ShouldNotBeNull();
        changed.ToJsonString().ShouldNotContain("second secret");
        await PostAsync(first, HttpStatusCode.OK);
        await PostAsync("the second secret", HttpStatusCode.OK);
        (await seed.Tenant.Http.PatchAsync($"/v1/provider-feeds/{feed["id"]}", new { secret = "the second secret" }, HttpStatusCode.OK))["former_secret_until"].ShouldBeNull();
        await PostAsync(first, HttpStatusCode.Unauthorized);
        await PostAsync("the second secret", HttpStatusCode.OK);
        (await service.HasRowAsync("SELECT FROM campaignhub.provider_feeds WHERE encode(secret_encrypted, 'escape') LIKE '%second%'")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_subscription_is_confirmed_at_SNS_and_the_topic_is_bound()
    {
        var (seed, feed) = await SeedAsync(ProviderKind.Ses);
        feed["confirmed_at"].ShouldBeNull();
        // Rightly signed by SNS, for somebody else's topic, or naming a place that isn't SNS.
        await providers.SendAsync(feed, new(providers.Sns("SubscriptionConfirmation", "x", "arn:aws:sns:eu-central-1:999999999999:bounces").ToJsonString())).ExpectAsync(HttpStatusCode.Unauthorized);
        await providers.SendAsync(feed, new(providers.Sns("SubscriptionConfirmation", "x", subscribeUrl: "https://evil.example/?Action=ConfirmSubscription").ToJsonString())).ExpectAsync(HttpStatusCode.OK);
        var elsewhere = providers.Sns("Notification", "{}");
        elsewhere["SigningCertURL"] = "https://sns.eu-central-1.amazonaws.com.evil.example/SimpleNotificationService-0.pem";
        await providers.SendAsync(feed, new(elsewhere.ToJsonString())).ExpectAsync(HttpStatusCode.Unauthorized);
        providers.AskedOfSns.ShouldNotContain(url => url.Contains("evil", StringComparison.Ordinal) || url.Contains("999999999999", StringComparison.Ordinal));

        // SES greets a topic with words that are no JSON.
        await providers.SendAsync(feed, new(providers.Sns("Notification", "Successfully validated SNS topic for Amazon SES event publishing.").ToJsonString())).ExpectAsync(HttpStatusCode.OK);
        providers.SnsAnswers = HttpStatusCode.Forbidden;
        await providers.SendAsync(feed, new(providers.Sns("SubscriptionConfirmation", "x").ToJsonString())).ExpectAsync(HttpStatusCode.OK);
        (await FeedIsAsync(f => f["problem"] is not null))["problem"]!.GetValue<string>().ShouldBe("SNS answered HTTP 403.");
        providers.SnsAnswers = HttpStatusCode.OK;
        await service.SqlAsync($"UPDATE campaignhub.provider_feeds SET confirm_at = clock_timestamp() WHERE tenant_id = '{seed.Tenant.Id}'");
        (await FeedIsAsync(f => f["confirmed_at"] is not null))["problem"].ShouldBeNull();

        Task<JsonObject> FeedIsAsync(Func<JsonObject, bool> isSo) => Eventually.Async(() => seed.Tenant.Http.GetJsonAsync($"/v1/provider-feeds/{feed["id"]}"), isSo, "the feed is so");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Hostile_bodies_are_refused_or_have_no_effect(ProviderKind kind)
    {
        var (seed, feed) = await SeedAsync(kind);
        await providers.SendAsync(feed, new(new string(' ', 3 << 20))).ExpectAsync(HttpStatusCode.RequestEntityTooLarge);
        JsonNode deep = new JsonObject();
        for (var i = 0; i < 60; i++)
            deep = new JsonObject { ["a"] = deep };
        var payload = providers.Payload(kind, "hard", new Message("\u0000@mail.example") { Token = "b.\u0000", MessageId = "\ud83d\u0000@x", ProviderId = new string('x', 10_000) });
        ((int)(await providers.PostAsync(kind, feed, payload)).StatusCode).ShouldBe(200);
        (kind == ProviderKind.Sendgrid ? payload[0]! : payload)["deep"] = deep;
        using var answer = await providers.PostAsync(kind, feed, payload);
        // SNS's own message is flat: what it was told is no JSON for us then. Mailgun's signature stands in what can't be read.
        ((int)answer.StatusCode).ShouldBe(kind switch { ProviderKind.Ses => 200, ProviderKind.Mailgun => 401, _ => 400 });
        if (kind != ProviderKind.Brevo) // whose event is known by the id that is hostile here
            await GiveUpAsync(seed, feed);
        (await service.QueryAsync<long>(seed.Tenant, "SELECT count(*) FROM inbound_reports")).Single().ShouldBe(0);
    }

    [Fact]
    public async Task What_is_old_is_forgotten()
    {
        var (seed, feed) = await SeedAsync(ProviderKind.Mailgun);
        await providers.PostAsync(ProviderKind.Mailgun, feed, providers.Payload(ProviderKind.Mailgun, "hard", new Message("x@mail.example"))).ExpectAsync(HttpStatusCode.OK);
        await GiveUpAsync(seed, feed);
        var now = service.Get<IClock>().GetCurrentInstant();
        foreach (var (posts, events, left) in ((Duration, Duration, string)[])[(-Duration.FromDays(1), -Duration.FromDays(1), "1 1"), (Duration.FromDays(1), -Duration.FromDays(1), "0 1"), (Duration.FromDays(1), Duration.FromDays(1), "0 0")])
        {
            await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
            (await ProviderEventStore.ForgetAsync(transaction, now + posts, now + events)).ShouldBeFalse();
            await transaction.CommitAsync();
            (await service.QueryAsync<string>(seed.Tenant, "SELECT (SELECT count(*) FROM provider_posts) || ' ' || (SELECT count(*) FROM provider_events)")).Single().ShouldBe(left);
        }
    }

    [Theory]
    [InlineData("""{ "kind": "ses", "name": "x" }""", "topic_arn", "required")]
    [InlineData("""{ "kind": "ses", "name": "x", "topic_arn": "https://evil.example" }""", "topic_arn", "invalid")]
    [InlineData("""{ "kind": "ses", "name": "x", "topic_arn": "arn:aws:sns:eu-central-1:123456789012:b", "secret": "x" }""", "secret", "not_applicable")]
    [InlineData("""{ "kind": "mailgun", "name": "x" }""", "secret", "required")]
    [InlineData("""{ "kind": "mailgun", "name": "x", "secret": "x", "topic_arn": "arn:aws:sns:eu-central-1:123456789012:b" }""", "topic_arn", "not_applicable")]
    [InlineData("""{ "kind": "mailgun", "name": "x", "secret": null }""", "secret", "required")]
    [InlineData("""{ "kind": "sendgrid", "name": "x", "secret": "no key" }""", "secret", "invalid")]
    [InlineData("""{ "kind": "postmark", "name": "x", "secret": "short" }""", "secret", "invalid")]
    [InlineData("""{ "kind": "shopify", "name": "x", "secret": "x" }""", "kind", "invalid")]
    [InlineData("""{ "kind": "mailgun", "secret": "x" }""", "name", "required")]
    public async Task A_feed_that_could_not_work_is_refused(string body, string field, string code) =>
        (await service.Http.PostRawAsync("/v1/provider-feeds", body).ExpectAsync(HttpStatusCode.UnprocessableEntity)).FieldCode(field).ShouldBe(code);

    private async Task<(Seed Seed, JsonObject Feed)> SeedAsync(ProviderKind kind, int deliveries = 1)
    {
        var seed = await Seed.SentAsync(service, deliveries);
        return (seed, await providers.FeedAsync(seed.Tenant, kind));
    }

    private static Message About(Seed seed, int delivery = 0) => new($"{seed.Recipients[delivery]}@mail.example");

    private string TokenOf(Seed seed, int delivery = 0) =>
        ReturnPath.LocalPart(service.Get<KeyRing>().Derive(seed.Tenant.Id, KeyPurpose.ReturnPath, ReturnPath.KeyBytes), seed.Deliveries[delivery]);

    private static Task<JsonObject> SettledAsync(Seed seed, JsonObject feed, int matched) => Eventually.Async(
        () => seed.Tenant.Http.GetJsonAsync($"/v1/provider-feeds/{feed["id"]}"), f => f["matched"]!.GetValue<long>() == matched, $"{matched} events are matched");

    private static async Task<IReadOnlyList<JsonNode?>> UnmatchedAsync(Seed seed, JsonObject feed) =>
        [.. (await seed.Tenant.Http.GetJsonAsync($"/v1/provider-feeds/{feed["id"]}/unmatched"))["data"]!.AsArray()];

    /// <summary>Lets the half an hour pass in which what matches nothing is tried again.</summary>
    private Task GiveUpAsync(Seed seed, JsonObject feed) => Eventually.Async(async () =>
    {
        await service.SqlAsync($"UPDATE campaignhub.provider_events SET next_try_at = clock_timestamp() WHERE tenant_id = '{seed.Tenant.Id}' AND next_try_at IS NOT NULL");
        return (await UnmatchedAsync(seed, feed)).Count > 0;
    }, "it is given up");
}
