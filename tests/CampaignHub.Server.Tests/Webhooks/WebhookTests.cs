using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Time;
using CampaignHub.Server.Tests.Reports;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace CampaignHub.Server.Tests.Webhooks;

/// <summary>What happens is told to the tenant's endpoints.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private TestService _service = null!;
    private Seed _seed = null!;
    private Receiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync("--CampaignHub:Clock:Start=2026-11-24T12:00:00Z");
        _seed = await Seed.SentAsync(_service, 4);
        _receiver = await Receiver.StartAsync();
    }

    private HttpClient Http => _seed.Tenant.Http;

    [Fact]
    public async Task What_happens_is_told_once_in_the_feeds_words_and_signed()
    {
        var webhook = await MakeAsync(events: ["delivery.opened"]);
        await HappensAsync(EventTypes.Accepted, EventTypes.Opened);

        var call = (await CallsAsync(1)).Single();

        var body = JsonNode.Parse(call.Body)!.AsObject();
        body["type"]!.GetValue<string>().ShouldBe("delivery.opened");
        body["timestamp"]!.GetValue<string>().ShouldBe("2026-11-24T10:00:00Z");
        var feed = (await Http.GetJsonAsync("/v1/events?type=delivery.opened"))["data"]!.AsArray().Single()!;
        body["data"]!.ToJsonString().ShouldBe(feed.ToJsonString());
        call.Id.ShouldBe(feed["id"]!.GetValue<string>());
        Verify(call, webhook["secret"]!.GetValue<string>()).ShouldBeTrue();
        Verify(call with { Body = [.. call.Body, 1] }, webhook["secret"]!.GetValue<string>()).ShouldBeFalse();
        var logged = await LogAsync(webhook, log => log["state"]!.GetValue<string>() == "delivered");
        (logged["type"]!.GetValue<string>(), logged["attempts"]!.GetValue<int>(), logged["last_status"]!.GetValue<int>()).ShouldBe(("delivery.opened", 1, 200));
        (await Http.GetJsonAsync($"/v1/webhooks/{webhook["id"]}"))["secret"].ShouldBeNull();
    }

    [Fact]
    public async Task A_call_that_fails_is_made_again_with_the_same_id_not_before_the_endpoint_asked_for()
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = _receiver.Calls.Count == 1 ? 503 : 204;
            context.Response.Headers.RetryAfter = "60";
            return Task.CompletedTask;
        };
        var webhook = await MakeAsync();
        await HappensAsync(EventTypes.Opened);
        var failed = await LogAsync(webhook, log => log["attempts"]!.GetValue<int>() == 1);
        (failed["state"]!.GetValue<string>(), failed["last_fault"]!.GetValue<string>()).ShouldBe(("pending", "HTTP 503"));

        Step(Duration.FromSeconds(30));
        await Task.Delay(1_500);
        _receiver.Calls.Count.ShouldBe(1);
        Step(Duration.FromSeconds(40));

        var calls = await CallsAsync(2);
        calls.Select(c => c.Id).Distinct().Count().ShouldBe(1);
        calls[1].Timestamp.ShouldBeGreaterThan(calls[0].Timestamp);
        await LogAsync(webhook, log => log["state"]!.GetValue<string>() == "delivered");
        (await Http.GetJsonAsync($"/v1/webhooks/{webhook["id"]}"))["failing_since"].ShouldBeNull();
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_410_is_the_end()
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = _receiver.Calls.Count == 1 ? 302 : 410;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };
        var webhook = await MakeAsync();
        await HappensAsync(EventTypes.Opened);
        (await LogAsync(webhook, log => log["attempts"]!.GetValue<int>() == 1))["last_status"]!.GetValue<int>().ShouldBe(302);
        Step(Duration.FromSeconds(10));
        var disabled = await Eventually.Async(() => Http.GetJsonAsync($"/v1/webhooks/{webhook["id"]}"), w => !w["enabled"]!.GetValue<bool>(), "the webhook is disabled");
        disabled["disabled_reason"]!.GetValue<string>().ShouldContain("410 Gone");
        _receiver.Calls.ShouldAllBe(call => call.Path == "/hook");

        // Mended and enabled again, it gets what is left, and what happened meanwhile.
        await HappensAsync(EventTypes.Clicked);
        _receiver.Answer = _ => Task.CompletedTask;
        await Http.PatchAsync($"/v1/webhooks/{webhook["id"]}", new { enabled = true }, HttpStatusCode.OK);
        Step(Duration.FromHours(1));
        (await CallsAsync(4)).Skip(2).Select(c => JsonNode.Parse(c.Body)!["type"]!.GetValue<string>()).Order(StringComparer.Ordinal).ShouldBe(["delivery.clicked", "delivery.opened"]);
    }

    [Fact]
    public async Task Of_an_answer_without_end_no_more_than_a_beginning_is_read_however_small_it_was_packed()
    {
        var hungUp = new TaskCompletionSource();
        _receiver.Answer = async context =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            context.RequestAborted.Register(() => hungUp.TrySetResult());
            await using var packed = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            var much = new byte[1 << 20];
            while (!context.RequestAborted.IsCancellationRequested)
                await packed.WriteAsync(much, CancellationToken.None);
        };
        var webhook = await MakeAsync();
        await HappensAsync(EventTypes.Opened);
        (await LogAsync(webhook, log => log["attempts"]!.GetValue<int>() == 1))["state"]!.GetValue<string>().ShouldBe("delivered");
        await hungUp.Task;
    }

    [Fact]
    public async Task An_endpoint_that_answers_in_what_is_no_HTTP_has_failed_and_says_so()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var webhook = await MakeAsync(url: $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        await HappensAsync(EventTypes.Opened);
        using (var client = await listener.AcceptTcpClientAsync())
        {
            await client.GetStream().ReadAtLeastAsync(new byte[1 << 16], 1);
            await client.GetStream().WriteAsync("HT\0TP/1.1 \x01\r\n\r\n"u8.ToArray());
        }
        var failed = await LogAsync(webhook, log => log["attempts"]!.GetValue<int>() == 1);
        (failed["state"]!.GetValue<string>(), failed["last_fault"]!.GetValue<string>()).ShouldBe(("pending", "Received an invalid status line: 'HT TP/1.1 '."));
    }

    [Fact]
    public async Task An_endpoint_that_has_failed_for_five_days_is_disabled()
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        var webhook = await MakeAsync();
        await HappensAsync(EventTypes.Opened);
        await LogAsync(webhook, log => log["attempts"]!.GetValue<int>() == 1);
        Step(Duration.FromDays(6));
        var disabled = await Eventually.Async(() => Http.GetJsonAsync($"/v1/webhooks/{webhook["id"]}"), w => !w["enabled"]!.GetValue<bool>(), "the webhook is disabled");
        disabled["disabled_reason"]!.GetValue<string>().ShouldStartWith("Every call has failed for 5 days.");
    }

    [Fact]
    public async Task An_endpoint_that_hangs_delays_no_other_on_the_same_host_neither()
    {
        _receiver.Answer = context => context.Request.Path.StartsWithSegments("/hanging", StringComparison.Ordinal) ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask;
        for (var n = 0; n < 3; n++)
            await MakeAsync(url: new Uri(new Uri(_receiver.Url), $"/hanging/{n}").ToString());
        await MakeAsync();
        for (var i = 0; i < 3; i++)
        {
            await HappensAsync([.. Enumerable.Repeat(EventTypes.Opened, 20)]);
            await Eventually.Async(() => Task.FromResult(Told("/hook")), told => told >= 20 * (i + 1), "the one that answers is told");
        }
        Told("/hanging").ShouldBeInRange(3, 3 * 8);

        int Told(string path) => _receiver.Calls.Count(call => call.Path.StartsWith(path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_go_in_one_call_where_that_is_asked_for_and_come_again_together_under_the_same_id()
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = _receiver.Calls.Count == 1 ? 500 : 204;
            return Task.CompletedTask;
        };
        var webhook = await MakeAsync(enabled: false);
        await Http.PatchAsync($"/v1/webhooks/{webhook["id"]}", new { max_batch = 10 }, HttpStatusCode.OK);
        await HappensAsync([.. Enumerable.Repeat(EventTypes.Opened, 7)]);
        await new Feed(Http).ReadUntilAsync(7); // all are numbered, so that they are fed at once
        await Http.PatchAsync($"/v1/webhooks/{webhook["id"]}", new { enabled = true }, HttpStatusCode.OK);

        var first = (await CallsAsync(1))[0];
        var body = JsonNode.Parse(first.Body)!;
        body["type"]!.GetValue<string>().ShouldBe("events.batch");
        body["data"]!.AsArray().Select(one => one!["type"]!.GetValue<string>()).ShouldBe(Enumerable.Repeat("delivery.opened", 7));
        body["data"]!.AsArray().Select(one => one!["data"]!["id"]!.GetValue<string>()).Distinct().Count().ShouldBe(7);
        Verify(first, webhook["secret"]!.GetValue<string>()).ShouldBeTrue();
        await LogAsync(webhook, log => log["attempts"]!.GetValue<int>() == 1);
        Step(Duration.FromMinutes(1));
        var again = (await CallsAsync(2))[1];
        again.Id.ShouldBe(first.Id);
        await LogAsync(webhook, log => log["state"]!.GetValue<string>() == "delivered");
        await Http.PatchAsync($"/v1/webhooks/{webhook["id"]}", new { max_batch = 101 }, HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task While_a_secret_is_rotated_both_verify_and_a_test_call_is_signed_too()
    {
        var webhook = await MakeAsync();
        var rotated = await Http.PostAsync($"/v1/webhooks/{webhook["id"]}/rotate-secret", null).ExpectAsync(HttpStatusCode.OK);
        var tested = await Http.PostAsync($"/v1/webhooks/{webhook["id"]}/test", null).ExpectAsync(HttpStatusCode.OK);
        tested.ToJsonString().ShouldBe("""{"ok":true,"status":200,"fault":null}""");
        var call = (await CallsAsync(1)).Single();
        JsonNode.Parse(call.Body)!["type"]!.GetValue<string>().ShouldBe("webhook.test");
        Verify(call, webhook["secret"]!.GetValue<string>()).ShouldBeTrue();
        Verify(call, rotated["secret"]!.GetValue<string>()).ShouldBeTrue();
        Step(Duration.FromHours(25));
        await Http.PostAsync($"/v1/webhooks/{webhook["id"]}/test", null).ExpectAsync(HttpStatusCode.OK);
        Verify((await CallsAsync(2))[1], webhook["secret"]!.GetValue<string>()).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_dead_worker_had_taken_is_called_once_its_lease_has_passed_and_what_was_delivered_can_be_asked_for_again()
    {
        var webhook = await MakeAsync(enabled: false);
        await HappensAsync(EventTypes.Opened);
        await _service.SqlAsync($"""
            INSERT INTO campaignhub.webhook_calls (tenant_id, webhook_id, event_id, received_at, type, state, next_attempt_at, leased_until)
            SELECT tenant_id, '{webhook["id"]}', event_id, received_at, type, 'pending', '2026-11-24T12:00:00Z', clock_timestamp() + interval '3 seconds'
            FROM campaignhub.events WHERE tenant_id = '{_seed.Tenant.Id}'
            """);
        await Http.PatchAsync($"/v1/webhooks/{webhook["id"]}", new { enabled = true }, HttpStatusCode.OK);
        var first = (await CallsAsync(1)).Single();
        await LogAsync(webhook, log => log["state"]!.GetValue<string>() == "delivered");
        (await Http.PostAsync($"/v1/webhooks/{webhook["id"]}/redeliver", new { event_id = first.Id }, HttpStatusCode.Accepted))["calls"]!.GetValue<int>().ShouldBe(1);
        (await CallsAsync(2))[1].Id.ShouldBe(first.Id);
    }

    [Theory]
    [InlineData("ftp://shop.example/", "invalid")]
    [InlineData("shop.example/hook", "invalid")]
    [InlineData("https://user:word@shop.example/", "invalid")]
    [InlineData("https://shop.example/#x", "invalid")]
    [InlineData("http://10.0.0.1/", "not_allowed")]
    [InlineData("http://0x0a000001/", "not_allowed")]
    [InlineData("http://167772161/", "not_allowed")]
    [InlineData("http://012.0.0.1/", "not_allowed")]
    [InlineData("http://[::ffff:10.0.0.1]/", "not_allowed")]
    [InlineData("http://[64:ff9b::a00:1]/", "not_allowed")]
    [InlineData("http://169.254.169.254/latest/meta-data/", "not_allowed")]
    [InlineData("http://[fd00:ec2::254]/", "not_allowed")]
    [InlineData("http://100.64.0.1/", "not_allowed")]
    [InlineData("http://0.0.0.0/", "not_allowed")]
    public async Task A_url_that_leads_inward_or_is_none_is_refused(string url, string code) =>
        (await Http.PostAsync("/v1/webhooks", new { url }, HttpStatusCode.UnprocessableEntity)).FieldCode("url").ShouldBe(code);

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _service.DisposeAsync();
    }

    private Task<JsonObject> MakeAsync(string[]? events = null, string? url = null, bool enabled = true) =>
        Http.PostAsync("/v1/webhooks", new { url = url ?? _receiver.Url, events = events ?? [.. EventTypes.OfDeliveries], enabled }, HttpStatusCode.Created);

    private Task HappensAsync(params string[] types) =>
        _seed.AppendAsync(_service, [.. types.Select((type, i) => (type, "2026-11-24T10:00:00Z", i % 4, (int?)(type == EventTypes.Clicked ? 0 : null), (string?)null))]);

    private Task<IReadOnlyList<ReceivedCall>> CallsAsync(int count) => Eventually.Async<IReadOnlyList<ReceivedCall>>(
        () => Task.FromResult<IReadOnlyList<ReceivedCall>>([.. _receiver.Calls]), calls => calls.Count >= count, $"{count} calls come in");

    private async Task<JsonNode> LogAsync(JsonObject webhook, Func<JsonNode, bool> isThere) => (await Eventually.Async(
        () => Http.GetJsonAsync($"/v1/webhooks/{webhook["id"]}/deliveries"),
        page => page["data"]!.AsArray() is [var only, ..] && isThere(only!), "the call is in the log"))["data"]!.AsArray()[0]!;

    private void Step(Duration by) => _service.Get<BusinessClock>().StepTo(_service.Get<IClock>().GetCurrentInstant() + by);

    private static bool Verify(ReceivedCall call, string secret)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{call.Id}.{call.Timestamp}.")), .. call.Body];
        return call.Signatures.Contains($"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), content))}");
    }
}
