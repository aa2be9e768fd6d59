using System.Net;
using System.Text;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Http.Limits;
using CampaignHub.Server.Platform.Time;
using NodaTime;
using NodaTime.Testing;

namespace CampaignHub.Server.Tests.Platform.Http;

// The namespaces of these tests have such names too.
using Database = CampaignHub.Server.Platform.Database.Database;
using Settings = CampaignHub.Server.Platform.Settings;

public sealed class RateLimitFixture : IAsyncLifetime
{
    public TestService Service { get; private set; } = null!;

    public async Task InitializeAsync() => Service = await TestService.StartAsync(
        "--CampaignHub:Limits:CallsPerKeyAndMinute=50", "--CampaignHub:Limits:PagesPerNetworkAndMinute=5", "--CampaignHub:Limits:FailuresPerNetworkAndHour=10");

    public Task DisposeAsync() => Service.DisposeAsync().AsTask();
}

public sealed class RateLimitTests(RateLimitFixture fixture) : IClassFixture<RateLimitFixture>
{
    private static int s_networks;

    private readonly TestService _service = fixture.Service;
    private readonly string _network = $"2001:db8:77:{Interlocked.Increment(ref s_networks):x}::1";

    [Fact]
    public async Task A_key_that_has_used_up_its_minute_is_told_when_to_come_back_and_others_are_not_held_up()
    {
        var (tenant, other) = (await _service.NewTenantAsync(), await _service.NewTenantAsync());
        NextMinute();
        using (var first = await tenant.Http.GetAsync("/v1/lists"))
        {
            first.Headers.GetValues("RateLimit-Policy").ShouldBe(["\"key\";q=50;w=60"]);
            first.Headers.GetValues("RateLimit").Single().ShouldStartWith("\"key\";r=49;t=");
        }
        for (var n = 1; n < 50; n++)
            (await tenant.Http.GetAsync("/v1/lists")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var refused = await tenant.Http.GetAsync("/v1/lists"))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
            refused.Headers.GetValues("RateLimit").Single().ShouldStartWith("\"key\";r=0;t=");
        }
        (await other.Http.GetAsync("/v1/lists")).StatusCode.ShouldBe(HttpStatusCode.OK);
        NextMinute();
        (await tenant.Http.GetAsync("/v1/lists")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_network_that_sends_wrong_keys_is_refused_before_they_are_looked_up_and_keys_known_to_be_right_still_open()
    {
        var tenant = await _service.NewTenantAsync();
        (await CallAsync("/v1/lists", tenant.Key)).ShouldBe(HttpStatusCode.OK);
        for (var n = 0; n < 10; n++)
            (await CallAsync("/v1/lists", n % 2 == 0 ? "nonsense" : "chk_aaaaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")).ShouldBe(HttpStatusCode.Unauthorized);
        // The one that finds nothing left is still answered as what it is; from then on nothing is looked up.
        (await CallAsync("/v1/lists", "nonsense")).ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync("/v1/lists", "nonsense")).ShouldBe(HttpStatusCode.TooManyRequests);
        (await CallAsync("/v1/lists", (await _service.NewTenantAsync()).Key)).ShouldBe(HttpStatusCode.TooManyRequests);
        (await CallAsync("/v1/lists", tenant.Key)).ShouldBe(HttpStatusCode.OK);
        (await CallAsync("/v1/lists", null)).ShouldBe(HttpStatusCode.Unauthorized); // no key is no wrong key
        var elsewhere = await _service.Anonymous.GetAsync("/v1/lists");
        elsewhere.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Answers_to_wrong_keys_and_signatures_say_how_often_one_may_still_be_wrong()
    {
        var hook = $"/hooks/shopify/{Guid.CreateVersion7()}";
        (await LimitsAsync("/v1/lists", null)).ShouldStartWith("401 \"failures\";r=10;t="); // to send none isn't counted
        (await LimitsAsync("/v1/lists", "nonsense")).ShouldStartWith("401 \"failures\";r=9;t=");
        (await LimitsAsync("/v1/lists", null)).ShouldStartWith("401 \"failures\";r=9;t=");
        for (var n = 0; n < 10; n++)
            await CallAsync("/v1/lists", "nonsense");
        (await LimitsAsync("/v1/lists", "nonsense")).ShouldStartWith("429 \"failures\";r=0;t=");
        (await LimitsAsync(hook, null, new StringContent("{}"))).ShouldSatisfyAllConditions(
            told => told.ShouldStartWith("401 "), told => told.ShouldContain("\"hooks\";r="), told => told.ShouldContain("\"failures\";r=9;t="));

        var suspended = await _service.NewTenantAsync();
        await _service.Operator.PatchAsync($"/v1/tenants/{suspended.Id}", new { status = "suspended" }, HttpStatusCode.OK);
        (await LimitsAsync("/v1/lists", suspended.Key)).ShouldStartWith("429 "); // from here nothing is looked up any more
        using var answer = await suspended.Http.GetAsync("/v1/lists");
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        answer.Headers.GetValues("RateLimit").Single().ShouldStartWith("\"key\";r=49;t=");
    }

    [Fact]
    public async Task A_network_that_posts_wrong_signatures_is_refused_and_what_is_signed_is_taken_from_there_all_the_same()
    {
        var shop = await Storefronts.Shop.ConnectAsync(_service);
        var path = new Uri((await shop.Tenant.Http.GetJsonAsync($"/v1/storefronts/{shop.Id}"))["webhook_url"]!.GetValue<string>()).AbsolutePath;
        HttpStatusCode last = default;
        for (var n = 0; n < 12; n++)
            last = await CallAsync(path, null, new StringContent("{}", Encoding.UTF8, "application/json"));
        last.ShouldBe(HttpStatusCode.TooManyRequests);
        // Whoever shares a network with a shop doesn't shut it out, neither by wrong signatures nor by wrong keys.
        for (var n = 0; n < 12; n++)
            await CallAsync("/v1/lists", "nonsense");
        const string body = """{"id":1,"email":"ann@buyer.example"}""";
        var signed = new StringContent(body, Encoding.UTF8, "application/json");
        signed.Headers.Add("X-Shopify-Topic", "customers/create");
        signed.Headers.Add("X-Shopify-Event-Id", "1");
        signed.Headers.Add("X-Shopify-Hmac-Sha256", Core.Storefronts.HookSignature.Of(Encoding.UTF8.GetBytes(body), Encoding.UTF8.GetBytes(Storefronts.Shop.Secret)));
        (await CallAsync(path, null, signed)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Pages_are_limited_by_network_and_pixels_and_unsubscribing_never_are()
    {
        var seed = await Seed.SentAsync(_service);
        NextMinute();
        for (var n = 0; n < 5; n++)
            (await CallAsync(seed.UnsubscribePage(), null)).ShouldBe(HttpStatusCode.OK);
        (await CallAsync(seed.UnsubscribePage(), null)).ShouldBe(HttpStatusCode.TooManyRequests);
        for (var n = 0; n < 20; n++)
        {
            (await CallAsync(seed.Pixel(), null)).ShouldBe(HttpStatusCode.OK);
            (await CallAsync(seed.UnsubscribePage(), null, new StringContent(""))).ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Two_nodes_together_let_through_what_the_limit_says_within_ten_per_cent_however_many_ask_at_once()
    {
        var settings = new Settings { Limits = { CallsPerKeyAndMinute = 1_000 } };
        var clock = new FakeClock(Instant.FromUtc(2026, 11, 28, 9, 0, 30));
        await using var database = new Database(_service.ConnectionString);
        RateLimits[] nodes = [.. Enumerable.Range(0, 2).Select(_ => new RateLimits(database, _service.Get<KeyRing>(), settings, _service.Get<RateLimitMetrics>(), clock))];
        // All of it on one node while the other idles with a share, and then evenly.
        foreach (var (subject, weight) in new[] { ("uneven", 50), ("even", 2) })
        {
            var admitted = 0;
            await Parallel.ForEachAsync(Enumerable.Range(0, 2_000), async (n, ct) =>
            {
                var node = nodes[n % weight == 0 ? 1 : 0];
                if (!(await node.TakeAsync(node.Keys, subject, ct)).IsRefused)
                    Interlocked.Increment(ref admitted);
            });
            admitted.ShouldBeInRange(900, 1_000, subject);
        }
        clock.AdvanceMinutes(1);
        (await nodes[0].TakeAsync(nodes[0].Keys, "even", CancellationToken.None)).IsRefused.ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_leaves_while_a_share_is_taken_spoils_it_for_nobody()
    {
        var settings = new Settings { Limits = { CallsPerKeyAndMinute = 1_000 } };
        await using var database = new Database(_service.ConnectionString);
        var limits = new RateLimits(database, _service.Get<KeyRing>(), settings, _service.Get<RateLimitMetrics>(), new FakeClock(Instant.FromUtc(2026, 11, 28, 9, 0)));
        using var leaving = new CancellationTokenSource();
        var left = limits.TakeAsync(limits.Keys, "shared", leaving.Token);
        var stays = limits.TakeAsync(limits.Keys, "shared", CancellationToken.None);
        await leaving.CancelAsync();
        (await stays).IsRefused.ShouldBeFalse();
        await Should.NotThrowAsync(async () => await Task.WhenAny(left));
    }

    [Fact]
    public async Task While_the_database_is_away_a_node_counts_for_itself()
    {
        var settings = new Settings { Limits = { FailuresPerNetworkAndHour = 100 } };
        await using var database = new Database("Host=127.0.0.1;Port=1;Timeout=1");
        var limits = new RateLimits(database, _service.Get<KeyRing>(), settings, _service.Get<RateLimitMetrics>(), new FakeClock(Instant.FromUtc(2026, 11, 28, 9, 0)));
        var admitted = 0;
        for (var n = 0; n < 110; n++)
            admitted += (await limits.TakeAsync(limits.Failures, "somebody", CancellationToken.None)).IsRefused ? 0 : 1;
        admitted.ShouldBe(100);
    }

    private async Task<HttpStatusCode> CallAsync(string path, string? key, HttpContent? body = null)
    {
        using var answer = await SendAsync(path, key, body);
        return answer.StatusCode;
    }

    /// <summary>The status of the answer, and what it says of limits.</summary>
    private async Task<string> LimitsAsync(string path, string? key, HttpContent? body = null)
    {
        using var answer = await SendAsync(path, key, body);
        answer.Headers.GetValues("RateLimit-Policy").Single().ShouldContain("\"failures\";q=10;w=3600");
        return $"{(int)answer.StatusCode} {answer.Headers.GetValues("RateLimit").Single()}";
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string? key, HttpContent? body)
    {
        using var http = _service.WithKey(key);
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path) { Content = body };
        request.Headers.Add("X-Forwarded-For", _network);
        return await http.SendAsync(request);
    }

    private void NextMinute()
    {
        var clock = _service.Get<BusinessClock>();
        var now = clock.GetCurrentInstant().ToUnixTimeSeconds();
        clock.StepTo(Instant.FromUnixTimeSeconds((now / 60 + 1) * 60));
    }
}
