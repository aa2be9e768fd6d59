using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tests.Reports;

public sealed class AnomalyTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private const string Path = "/v1/deliveries/anomalies";
    private const string Domain = "mail.example";

    private readonly TestService service = fixture.Service;
    private readonly Instant now = fixture.Service.Get<IClock>().GetCurrentInstant();
    private readonly Guid relay = Guid.CreateVersion7();

    private Instant ThisHour => Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds() / 3600 * 3600);

    [Fact]
    public async Task A_relay_and_domain_that_reject_a_fifth_and_take_long_are_found_with_what_the_relay_said()
    {
        var seed = await Seed.SentAsync(service, 200);
        await LayAsync(seed.Tenant, Enumerable.Range(1, 27 * 24).SelectMany(ago => Enumerable.Range(0, 5).Select(group =>
            new Laid(ThisHour - Duration.FromHours(ago), $"{(group == 0 ? "" : group)}{Domain}", Accepted: 198, Rejected: 2))));
        await LayAsync(seed.Tenant, [new Laid(ThisHour, $"1{Domain}", Accepted: 198, Rejected: 2)]);
        await EndAttemptsAsync(seed, rejected: 40, late: 32);

        var all = await Eventually.Async(() => AnomaliesAsync(seed.Tenant), a => a.Count > 0, "the fault to be folded");
        all.Select(a => $"{a!["kind"]} {a["mail_domain"]} {a["messages"]} {a["share"]}").ShouldBe([$"rejected {Domain} 200 0.2", $"latency {Domain} 160 0.2"]);
        var found = all[0]!;
        found["relay_id"]!.GetValue<Guid>().ShouldBe(relay);
        found["usual"]!.GetValue<decimal>().ShouldBe(0.01m);
        found["bound"]!.GetValue<decimal>().ShouldBeInRange(0.0101m, 0.1999m);
        found["samples"]!.AsArray().Select(s => s!.GetValue<string>()).ShouldBe(["550 5.7.1 blocked", "554 5.7.9 no policy"]);
        (await AnomaliesAsync(service.Tenant)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Late_acceptances_and_deferrals_stand_out_too()
    {
        var tenant = await service.NewTenantAsync();
        await LayAsync(tenant, Enumerable.Range(1, 100).Select(ago => new Laid(ThisHour - Duration.FromHours(ago), Domain, Accepted: 200)));
        await LayAsync(tenant, [new Laid(ThisHour, Domain, Accepted: 150, Deferred: 50, Late: 40)]);
        (await AnomaliesAsync(tenant)).Select(a => $"{a!["kind"]} {a["messages"]} {a["share"]}").ShouldBe(["deferred 200 0.25", "latency 150 0.2667"]);
    }

    [Fact]
    public async Task Twenty_eight_quiet_days_raise_at_most_one()
    {
        var tenant = await service.NewTenantAsync();
        var random = new Random(20261125);
        await LayAsync(tenant, from ago in Enumerable.Range(1, 55 * 24) from domain in Enumerable.Range(1, 8) select Quiet(ago, domain));
        (await AnomaliesAsync(tenant, $"?from={ThisHour - Duration.FromDays(27)}")).Count.ShouldBeLessThanOrEqualTo(1);

        Laid Quiet(int ago, int domain)
        {
            var (accepted, rejected, deferred) = (0, 0, 0);
            for (var left = random.Next(90, 300); left > 0; left--)
                _ = random.NextDouble() is var draw && draw < 0.003 * domain ? rejected++ : draw < 0.013 * domain ? deferred++ : accepted++;
            var late = Enumerable.Range(0, accepted).Count(_ => random.NextDouble() < 0.002 * domain);
            return new Laid(ThisHour - Duration.FromHours(ago), $"{domain}.{Domain}", accepted, rejected, deferred, late);
        }
    }

    [Fact]
    public async Task Fewer_than_a_hundred_messages_raise_none()
    {
        var tenant = await service.NewTenantAsync();
        await LayAsync(tenant, Enumerable.Range(1, 100).Select(ago => new Laid(ThisHour - Duration.FromHours(ago), "few.example", Accepted: 1_000)));
        await LayAsync(tenant,
        [
            new Laid(ThisHour, "few.example", Rejected: 99),
            new Laid(ThisHour, "new.example", Rejected: 1_000),
            new Laid(ThisHour - Duration.FromHours(1), "new.example", Accepted: 99),
        ]);
        (await AnomaliesAsync(tenant)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", "from", "invalid")]
    [InlineData("from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z", "from", "out_of_range")]
    [InlineData("to=-9998-01-01T00:00:00Z", "to", "out_of_range")]
    [InlineData("from=1999-12-31T00:00:00Z", "from", "out_of_range")]
    public async Task Hours_that_can_not_be_asked_for_are_refused(string query, string field, string code) =>
        (await service.Http.GetAsync($"{Path}?{query}").ExpectAsync(HttpStatusCode.UnprocessableEntity)).FieldCode(field).ShouldBe(code);

    private static async Task<JsonArray> AnomaliesAsync(TestTenant tenant, string query = "") =>
        (await tenant.Http.GetJsonAsync(Path + query))["data"]!.AsArray();

    /// <summary>Lays counters as the fold leaves them.</summary>
    private async Task LayAsync(TestTenant tenant, IEnumerable<Laid> hours)
    {
        var rows = hours.SelectMany(laid => laid.Rows).ToList();
        await using var transaction = await service.Get<Database>().BeginAsync(tenant.Id, CancellationToken.None);
        await transaction.ExecuteAsync("""
            INSERT INTO delivery_hours (tenant_id, relay_id, mail_domain, hour, outcome, messages)
            SELECT @TenantId, @relay, domain, hour, outcome, messages
            FROM unnest(@hours, @domains, @outcomes, @messages) AS h (hour, domain, outcome, messages)
            """, new
        {
            transaction.TenantId,
            relay,
            hours = rows.Select(r => r.Hour).ToArray(),
            domains = rows.Select(r => r.Domain).ToArray(),
            outcomes = rows.Select(r => r.Outcome).ToArray(),
            messages = rows.Select(r => (long)r.Messages).ToArray(),
        });
        await transaction.CommitAsync();
    }

    /// <summary>
    /// Ends an attempt of each delivery in this hour: the first ones rejected, with two answers in turn, the others accepted,
    /// the last ones late. One was taken back before.
    /// </summary>
    private async Task EndAttemptsAsync(Seed seed, int rejected, int late)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        await transaction.ExecuteAsync("""
            UPDATE deliveries d
            SET relay_id = @relay, first_attempt_at = @now - make_interval(secs => CASE WHEN n > @onTime THEN 11 ELSE 9 END),
                state = CASE WHEN n <= @rejected THEN 'rejected' ELSE 'accepted' END,
                smtp_reply = CASE WHEN n > @rejected THEN '250 OK' WHEN n % 2 = 0 THEN '550 5.7.1 blocked' ELSE '554 5.7.9 no policy' END
            FROM unnest(@deliveries) WITH ORDINALITY AS l (id, n)
            WHERE d.tenant_id = @TenantId AND d.delivery_id = l.id
            """, new { transaction.TenantId, relay, now, rejected, onTime = seed.Deliveries.Length - late, deliveries = seed.Deliveries });
        await EventLog.AppendAsync(transaction, [.. seed.Deliveries.Select((delivery, n) => new Event(n < rejected ? EventTypes.Rejected : EventTypes.Accepted, now)
        {
            CampaignId = seed.CampaignId,
            DeliveryId = delivery,
        }), new Event(EventTypes.Deferred, now) { CampaignId = seed.CampaignId, DeliveryId = seed.Deliveries[0], Reason = DeliveryOutcome.WithdrawnRule }], now);
        await transaction.CommitAsync();
    }

    private sealed record Laid(Instant Hour, string Domain, int Accepted = 0, int Rejected = 0, int Deferred = 0, int Late = 0)
    {
        public IEnumerable<(Instant Hour, string Domain, string Outcome, int Messages)> Rows
        {
            get
            {
                (string Outcome, int Messages)[] counts = [("accepted", Accepted), ("rejected", Rejected), ("deferred", Deferred), ("latency", Late)];
                return counts.Where(c => c.Messages > 0).Select(c => (Hour, Domain, c.Outcome, c.Messages));
            }
        }
    }
}
