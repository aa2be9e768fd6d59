using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tests.Scheduling;

/// <summary>A tenant with 300,000 deliveries, one of which a relay answered in words of its own.</summary>
[Collection(Alone.Name)]
public sealed class ManyDeliveriesTests(ManyDeliveries many) : IClassFixture<ManyDeliveries>
{
    private const int MostHeld = 32 << 20;

    [Fact]
    public async Task As_CSV_all_are_streamed_and_hardly_any_held()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var answer = await many.Http.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "/v1/deliveries") { Headers = { { "Accept", "text/csv" } } }, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var (read, characters, held) = (0, 0L, 0L);
        while (await lines.ReadLineAsync() is { } line)
        {
            characters += line.Length;
            if (++read % 100_000 == 0)
                held = Math.Max(held, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
        read.ShouldBe(1 + ManyDeliveries.Count);
        characters.ShouldBeGreaterThan(2L * MostHeld);
        held.ShouldBeLessThan(MostHeld);
    }

    [Theory]
    [InlineData("/v1/deliveries?reply=greetings")]
    [InlineData("/v1/deliveries?mail_domain=rare.example&reason=accepted")]
    [InlineData("/v1/campaigns/{campaign}/deliveries?reply=greetings")]
    public async Task What_no_index_finds_is_found_over_pages_that_end_short(string path)
    {
        List<string> found = [];
        var pages = 0;
        for (JsonNode? cursor = null; pages == 0 || cursor is not null; pages++)
        {
            var page = await many.Http.GetJsonAsync(
                path.Replace("{campaign}", many.CampaignId.ToString(), StringComparison.Ordinal) + (cursor is null ? "" : $"&cursor={cursor}"));
            found.AddRange(page["data"]!.AsArray().Select(d => d!["smtp_reply"]!.GetValue<string>()));
            cursor = page["next_cursor"];
        }
        found.ShouldBe(["250 Greetings"]);
        pages.ShouldBeGreaterThan(1);
    }
}

public sealed class ManyDeliveries : IAsyncLifetime
{
    public const int Count = 300_000;
    private const int Batch = 50_000;

    private TestService _service = null!;
    private Seed _seed = null!;

    public HttpClient Http => _seed.Tenant.Http;

    public Guid CampaignId => _seed.CampaignId;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync();
        _seed = await Seed.SentAsync(_service, 0);
        for (var first = 0; first < Count; first += Batch)
            await InsertAsync(first);
    }

    private async Task InsertAsync(int first)
    {
        await using var transaction = await _service.Get<Database>().BeginAsync(_seed.Tenant.Id, CancellationToken.None);
        await transaction.ExecuteAsync("""
            INSERT INTO deliveries (tenant_id, delivery_id, campaign_id, recipient_id, address_hash, email, mail_domain, country,
                time_zone_source, zone_number, state, smtp_reply, reason, updated_at)
            SELECT @TenantId, uuid_v7(@now), @CampaignId, uuid_v7(@now), decode(md5(n::text), 'hex'), n || '@mail.example',
                   CASE WHEN n = 77777 THEN 'rare.example' ELSE 'mail.example' END, 'DE', 'given', n % 2, 'accepted',
                   CASE WHEN n = 77777 THEN '250 Greetings' ELSE '250 OK ' || n END, 'accepted', @now
            FROM generate_series(@first, @last) AS n
            """, new { transaction.TenantId, CampaignId, first, last = first + Batch - 1, now = _service.Get<IClock>().GetCurrentInstant() });
        await transaction.CommitAsync();
    }

    public Task DisposeAsync() => _service.DisposeAsync().AsTask();
}
