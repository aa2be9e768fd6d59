using System.Net;
using CampaignHub.Server.Platform.Jobs;

namespace CampaignHub.Server.Tests.Tracking;

public sealed class InferZonesTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task Everybody_is_inferred_again_but_those_whose_zone_was_given()
    {
        var tenant = await _service.NewTenantAsync();
        var given = await MakeAsync(tenant, new { email = "given@shop.example", time_zone = "Asia/Tokyo", country = "US", region = "TX" });
        var region = await MakeAsync(tenant, new { email = "region@shop.example", country = "US", region = "TX", phone = "+1 808 555 0142" });
        var phone = await MakeAsync(tenant, new { email = "phone@shop.example", country = "US", phone = "808 555 0142" });
        var country = await MakeAsync(tenant, new { email = "country@shop.example", country = "DE", phone = "+1 808 555 0142" });
        var guess = await MakeAsync(tenant, new { email = "guess@shop.example", country = "US" });
        var other = await MakeAsync(await _service.NewTenantAsync(), new { email = "other@shop.example", country = "DE" });
        await _service.SqlAsync("UPDATE campaignhub.recipients SET time_zone = 'Asia/Seoul', time_zone_source = 'country' "
            + $"WHERE tenant_id = '{tenant.Id}' AND time_zone_source <> 'given' OR recipient_id = '{other}'");

        var answer = await tenant.Http.PostAsync("/v1/recipients/infer-zones", new { }, HttpStatusCode.OK);

        answer["changed"]!.GetValue<int>().ShouldBe(4);
        answer["zone_sources"]!.ToJsonString().ShouldBe(
            """{"given":1,"region":1,"phone":1,"country":1,"activity":0,"storefront":0,"country_guess":1,"fallback":0}""");
        (await ZoneAsync(tenant, given)).ShouldBe(("Asia/Tokyo", "given", 1));
        (await ZoneAsync(tenant, region)).ShouldBe(("America/Chicago", "region", 0.95));
        (await ZoneAsync(tenant, phone)).ShouldBe(("Pacific/Honolulu", "phone", 0.85));
        (await ZoneAsync(tenant, country)).ShouldBe(("Europe/Berlin", "country", 0.95));
        (await ZoneAsync(tenant, guess)).ShouldBe(("America/New_York", "country_guess", 0.5));
        (await tenant.Http.PostAsync("/v1/recipients/infer-zones", new { }, HttpStatusCode.OK))["changed"]!.GetValue<int>().ShouldBe(0);
        await _service.SqlAsync($"DO $$ BEGIN ASSERT (SELECT time_zone = 'Asia/Seoul' FROM campaignhub.recipients WHERE recipient_id = '{other}'); END $$");
    }

    [Fact]
    public async Task A_zone_is_learned_from_what_a_human_read_and_never_against_better_evidence()
    {
        var tenant = await _service.NewTenantAsync();
        var learned = await MakeAsync(tenant, new { email = "learned@shop.example", country = "AU" });
        var machine = await MakeAsync(tenant, new { email = "machine@shop.example", country = "AU" });
        var few = await MakeAsync(tenant, new { email = "few@shop.example", country = "AU" });
        var region = await MakeAsync(tenant, new { email = "region@shop.example", country = "AU", region = "TAS" });
        foreach (var (person, hits, hitClass) in new[] { (learned, 60, "human"), (machine, 60, "machine"), (few, 7, "human"), (region, 60, "human") })
            await ReadAsync(person, hits, hitClass);

        var answer = await tenant.Http.PostAsync("/v1/recipients/infer-zones", new { }, HttpStatusCode.OK);

        (answer["changed"]!.GetValue<int>(), answer["zone_sources"]!["activity"]!.GetValue<int>()).ShouldBe((1, 1));
        var (zone, source, confidence) = await ZoneAsync(tenant, learned);
        (zone, source).ShouldBe(("Australia/Perth", "activity"));
        confidence.ShouldBeInRange(0.8, 1);
        (await ZoneAsync(tenant, machine)).Source.ShouldBe("country_guess");
        (await ZoneAsync(tenant, few)).Source.ShouldBe("country_guess");
        (await ZoneAsync(tenant, region)).Source.ShouldBe("region");

        // Told better, they are placed by that, and the confidence goes with its zone.
        await tenant.Http.PatchAsync($"/v1/recipients/{learned}", new { region = "VIC" }, HttpStatusCode.OK);
        (await ZoneAsync(tenant, learned)).ShouldBe(("Australia/Melbourne", "region", 0.95));
    }

    [Fact]
    public async Task Once_a_day_a_worker_learns_the_zones_of_those_who_have_read_since()
    {
        var tenant = await _service.NewTenantAsync();
        var first = await MakeAsync(tenant, new { email = "first@shop.example", country = "AU" });
        var second = await MakeAsync(tenant, new { email = "second@shop.example", country = "AU" });
        var region = await MakeAsync(tenant, new { email = "region@shop.example", country = "AU", region = "TAS" });
        foreach (var person in new[] { first, second, region })
            await ReadAsync(person, 60, "human");
        await TellAsync(first, region);

        await LearnedAsync(tenant, first);

        (await ZoneAsync(tenant, first)).Zone.ShouldBe("Australia/Perth");
        (await ZoneAsync(tenant, second)).Source.ShouldBe("country_guess");
        (await ZoneAsync(tenant, region)).Source.ShouldBe("region");

        // What is read later waits for the next day.
        await TellAsync(second);
        await _service.SqlAsync($"DO $$ BEGIN ASSERT NOT EXISTS (SELECT FROM campaignhub.tenants_to_learn_zones_of(now()) AS t (id) WHERE id = '{tenant.Id}'); END $$");
        await _service.SqlAsync($"UPDATE campaignhub.zone_cursors SET learned_at = learned_at - interval '24 hours' WHERE tenant_id = '{tenant.Id}'");
        await LearnedAsync(tenant, second);
    }

    /// <summary>The log says that a human opened something of theirs.</summary>
    private Task TellAsync(params string[] people) => _service.SqlAsync($"""
        INSERT INTO campaignhub.events (tenant_id, event_id, received_at, type, at, recipient_id, class)
        SELECT tenant_id, gen_random_uuid(), now(), 'delivery.opened', now(), recipient_id, 'human'
        FROM campaignhub.recipients WHERE recipient_id IN ({string.Join(", ", people.Select(id => $"'{id}'"))})
        """);

    private Task<(string? Zone, string Source, double Confidence)> LearnedAsync(TestTenant tenant, string person) => Eventually.Async(
        async () =>
        {
            _service.Get<WorkSignal>().Wake(WorkKind.OfTheClock);
            return await ZoneAsync(tenant, person);
        },
        zone => zone.Source == "activity", "the zone is learned");

    private static async Task<string> MakeAsync(TestTenant tenant, object person) =>
        (await tenant.Http.PostAsync("/v1/recipients", person, HttpStatusCode.Created))["id"]!.GetValue<string>();

    private static async Task<(string? Zone, string Source, double Confidence)> ZoneAsync(TestTenant tenant, string id)
    {
        var person = await tenant.Http.GetJsonAsync($"/v1/recipients/{id}");
        return (person["time_zone"]?.GetValue<string>(), person["time_zone_source"]!.GetValue<string>(), person["time_zone_confidence"]!.GetValue<double>());
    }

    /// <summary>One hit a day, at seven in the morning and ten in the evening in Perth by turns.</summary>
    private Task ReadAsync(string person, int hits, string hitClass) => _service.SqlAsync($"""
        WITH delivery AS (
            INSERT INTO campaignhub.deliveries (tenant_id, delivery_id, campaign_id, recipient_id, address_hash, email, mail_domain,
                time_zone_source, zone_number, state, updated_at)
            SELECT tenant_id, gen_random_uuid(), gen_random_uuid(), recipient_id, address_hash, email, mail_domain, 'fallback', 0, 'accepted', now()
            FROM campaignhub.recipients WHERE recipient_id = '{person}' RETURNING *
        )
        INSERT INTO campaignhub.hits (tenant_id, hit_id, received_at, kind, campaign_id, delivery_id, method, x_moz, class)
        SELECT tenant_id, gen_random_uuid(), date_trunc('day', now(), 'Australia/Perth') - make_interval(days => n, hours => -7 - n % 2 * 15),
            'open', campaign_id, delivery_id, 'GET', false, '{hitClass}'
        FROM delivery, generate_series(1, {hits}) AS n
        """);
}
