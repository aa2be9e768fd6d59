using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Tests.Reports;
using CampaignHub.Server.Tests.Tracking;

namespace CampaignHub.Server.Tests.Inbound;

/// <summary>What is held of a person, and what is left of them when they are gone.</summary>
public sealed class PersonErasureTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task An_export_holds_all_that_is_held_of_the_person_however_much_and_nobody_else()
    {
        var (seed, email) = await ClickedAsync();
        await FillAsync(seed, email);
        await seed.SqlAsync(_service, $"""
            INSERT INTO storefront_orders (tenant_id, storefront_id, order_id, recipient_id, ordered_at, said_at, total, currency, counts)
            SELECT @TenantId, storefront_id, 'many ' || n, recipient_id, ordered_at, said_at, total, currency, counts FROM storefront_orders, generate_series(1, 10000) AS n
            WHERE tenant_id = @TenantId
            """);

        var export = await seed.Tenant.Http.GetJsonAsync($"/v1/recipients/{seed.Recipients[0]}/export");

        foreach (var part in export.Where(part => part.Value is JsonArray))
            part.Value!.AsArray().ShouldNotBeEmpty(part.Key);
        export["recipient"]!["email"]!.GetValue<string>().ShouldBe(email);
        export["recipient"]!["max_frequency"]!.GetValue<string>().ShouldBe("weekly");
        export["lists"]!.AsArray().Select(list => (list!["name"]!.GetValue<string>(), list["added_at"] is null, list["left_at"] is null)).ShouldBe([("left", true, false), ("on", false, true)]);
        export["consent"]!.AsArray().ShouldHaveSingleItem()!["status"]!.GetValue<string>().ShouldBe("granted");
        export["confirmations"]!.AsArray().ShouldHaveSingleItem()!["wording"]!.GetValue<string>().ShouldBe("Yes.");
        export["suppressions"]!.AsArray().ShouldHaveSingleItem()!["pattern"]!.GetValue<string>().ShouldBe("*@mail.example");
        export["deliveries"]!.AsArray().ShouldHaveSingleItem()!["timing"]!["explanation"]!.GetValue<string>().ShouldNotBeEmpty();
        export["events"]!.AsArray().ShouldHaveSingleItem()!["url"]!.GetValue<string>().ShouldContain("who=ann");
        export["hits"]!.AsArray().ShouldHaveSingleItem()!["delivery_id"]!.GetValue<Guid>().ShouldBe(seed.Deliveries[0]);
        export["inbound_reports"]!.AsArray().ShouldHaveSingleItem()!["delivery_id"]!.GetValue<Guid>().ShouldBe(seed.Deliveries[0]);
        export["readings"]!.AsArray().ShouldHaveSingleItem()!.ToJsonString().ShouldBe("""{"date":"2000-01-02","hour":9,"delay_hours":3,"clicked":true}""");
        export["storefronts"]!.AsArray().ShouldHaveSingleItem()!.ToJsonString().ShouldContain("\"customer_id\":\"77\"");
        export["orders"]!.AsArray().Count.ShouldBe(10_001);
        export.ToJsonString().ShouldNotContain(seed.Recipients[1].ToString());
        await _service.Http.GetAsync($"/v1/recipients/{seed.Recipients[0]}/export").ExpectAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nothing_that_names_a_deleted_person_is_left_and_everything_is_still_counted()
    {
        var (seed, email) = await ClickedAsync();
        await FillAsync(seed, email);
        var before = await seed.FoldedReportAsync(_service);

        await seed.Tenant.Http.DeleteAsync($"/v1/recipients/{seed.Recipients[0]}").ExpectAsync(HttpStatusCode.NoContent);

        await using var transaction = await _service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        var tables = await transaction.QueryAsync<string>("SELECT relname::text FROM pg_class WHERE relnamespace = 'campaignhub'::regnamespace AND relkind IN ('r', 'p') AND relrowsecurity AND NOT relispartition");
        tables.Count.ShouldBeGreaterThan(20);
        foreach (var table in tables)
            foreach (var row in await transaction.QueryAsync<string>($"SELECT to_jsonb(t)::text FROM {table} t WHERE tenant_id = @TenantId", new { transaction.TenantId }))
                foreach (var trace in (string[])[email, "who=ann", "Annabel", "secret-tag"])
                    row.ShouldNotContain(trace, Case.Insensitive, table);
        (await transaction.QuerySingleAsync<string>("SELECT diagnostic FROM inbound_reports WHERE tenant_id = @TenantId", new { transaction.TenantId })).ShouldBe("452 … mailbox full");
        (await seed.FoldedReportAsync(_service))["clicks"]!.ToJsonString().ShouldBe(before["clicks"]!.ToJsonString());
    }

    [Fact]
    public async Task A_click_on_old_mail_of_a_deleted_person_counts_and_brings_nothing_of_them_back()
    {
        var (seed, _) = await ClickedAsync();
        await seed.Tenant.Http.DeleteAsync($"/v1/recipients/{seed.Recipients[0]}").ExpectAsync(HttpStatusCode.NoContent);

        using var http = _service.Anonymous;
        (await http.FetchAsync(seed.Link(0, 0, "https://shop.example/sale?who=ann"))).Headers.Location!.Query.ShouldBe("?who=ann");

        await Eventually.Async(() => seed.FoldedReportAsync(_service), r => r["clicks"]!["all"]!["hits"]!.GetValue<int>() == 2, "the click counts");
        await ShouldNotSayWhereAsync(seed);
    }

    [Theory]
    [InlineData("UPDATE ON campaignhub.hits", "UPDATE hits SET url")]
    [InlineData("UPDATE ON campaignhub.events", "UPDATE hits SET class")]
    public async Task Whoever_is_erased_while_their_click_is_judged_leaves_not_where_it_led(string firstStandsAfter, string secondWaitsAt)
    {
        // The first time the judge is first and the erasure waits for it, the second time the other way round.
        var (seed, _) = await ClickedAsync();
        using var http = _service.Anonymous;
        await http.FetchAsync(seed.Link(0, 0, "https://shop.example/sale?who=ann"));
        Task erasure;
        await using (var standstill = await Standstill.AfterAsync(_service.ConnectionString, firstStandsAfter))
        {
            if (firstStandsAfter.EndsWith("hits", StringComparison.Ordinal))
                await standstill.ReachedAsync("the judge has kept its verdict");
            erasure = seed.Tenant.Http.DeleteAsync($"/v1/recipients/{seed.Recipients[0]}").ExpectAsync(HttpStatusCode.NoContent);
            await standstill.ReachedAsync("the first stands");
            await _service.WaitedForInAsync(secondWaitsAt, "the second waits");
        }
        await erasure;

        await Eventually.Async(() => seed.FoldedReportAsync(_service), r => r["clicks"]!["all"]!["hits"]!.GetValue<int>() == 2, "both clicks count");
        await ShouldNotSayWhereAsync(seed);
    }

    /// <summary>Neither hits nor events hold where the first person's click led.</summary>
    private async Task ShouldNotSayWhereAsync(Seed seed)
    {
        await using var transaction = await _service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        foreach (var table in (string[])["hits", "events"])
            (await transaction.QueryAsync<string>($"SELECT to_jsonb(t)::text FROM {table} t WHERE tenant_id = @TenantId", new { transaction.TenantId }))
                .ShouldNotContain(row => row.Contains("who=ann", StringComparison.Ordinal), table);
    }

    /// <summary>A campaign of two, of whom one has clicked a link that was made for them.</summary>
    private async Task<(Seed Seed, string Email)> ClickedAsync()
    {
        var seed = await Seed.SentAsync(_service, 2);
        using var http = _service.Anonymous;
        (await http.FetchAsync(seed.Link(0, 0, "https://shop.example/sale?who=ann"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        var feed = new Feed(seed.Tenant.Http);
        await feed.ReadUntilAsync(1);
        JsonObject person = await seed.Tenant.Http.GetJsonAsync($"/v1/recipients/{seed.Recipients[0]}");
        return (seed, person["email"]!.GetValue<string>());
    }

    /// <summary>Whatever else may be held of the first person.</summary>
    private Task FillAsync(Seed seed, string email) => seed.SqlAsync(_service, $"""
        UPDATE recipients SET first_name = 'Annabel', max_frequency = 'weekly' WHERE recipient_id = '{seed.Recipients[0]}';
        UPDATE deliveries SET smtp_reply = '250 2.0.0 <{email}> queued' WHERE recipient_id = '{seed.Recipients[0]}';
        INSERT INTO inbound_reports (tenant_id, report_id, received_at, digest, delivery_id, campaign_id, recipient_id, class, rule, is_final, diagnostic)
        SELECT tenant_id, gen_random_uuid(), '2026-11-27T09:00:00Z', '\\x01', delivery_id, campaign_id, recipient_id, 'soft', 'x', true, '452 {email}: mailbox full'
        FROM deliveries WHERE recipient_id = '{seed.Recipients[0]}';
        INSERT INTO suppressions (tenant_id, suppression_id, pattern, reason, source, created_at) VALUES (@TenantId, gen_random_uuid(), '*@mail.example', 'manual', 'api', '2026-11-27');
        INSERT INTO lists (tenant_id, list_id, name, created_at) VALUES (@TenantId, gen_random_uuid(), 'on', '2026-11-27'), (@TenantId, gen_random_uuid(), 'left', '2026-11-27');
        INSERT INTO list_recipients (tenant_id, list_id, recipient_id, added_at) SELECT tenant_id, list_id, '{seed.Recipients[0]}', created_at FROM lists WHERE name = 'on';
        INSERT INTO lists_left (tenant_id, list_id, recipient_id, left_at) SELECT tenant_id, list_id, '{seed.Recipients[0]}', created_at FROM lists WHERE name = 'left';
        INSERT INTO forms (tenant_id, form_id, name, title, wording, list_ids, fields, from_email, confirm_within_hours, enabled, created_at, updated_at)
        VALUES (@TenantId, gen_random_uuid(), 'f', 'f', 'Yes.', '{"{}"}', '{"{}"}', 'news@shop.example', 168, true, '2026-11-27', '2026-11-27');
        INSERT INTO form_confirmations (tenant_id, confirmation_id, form_id, email, email_key, first_name, language, wording, asked_at, expires_at)
        SELECT tenant_id, gen_random_uuid(), form_id, '{email}', '{email}', 'Annabel', 'en', wording, created_at, '2100-01-01' FROM forms;
        INSERT INTO reading_habits (tenant_id, recipient_id, readings) VALUES (@TenantId, '{seed.Recipients[0]}', '{"{2119}"}');
        INSERT INTO storefronts (tenant_id, storefront_id, kind, name, domain, list_id, secret_encrypted, created_at, updated_at)
        SELECT tenant_id, gen_random_uuid(), 'shopify', 's', 's.shop.example', list_id, '\\x00', created_at, created_at FROM lists WHERE name = 'on';
        INSERT INTO storefront_customers (tenant_id, storefront_id, customer_key, recipient_id, brought, said_at, consent_said, tag_times)
        SELECT tenant_id, storefront_id, 'c:77', '{seed.Recipients[0]}', true, created_at, 'granted', '{"{\"secret-tag\":\"2026-01-01T00:00:00Z\"}"}' FROM storefronts;
        INSERT INTO storefront_messages (tenant_id, storefront_id, event_key, topic, received_at, person_keys, payload, state)
        SELECT tenant_id, storefront_id, '1', 'customers/update', created_at, '{"{c:77}"}', '{"{}"}', 'processed' FROM storefronts;
        INSERT INTO storefront_orders (tenant_id, storefront_id, order_id, recipient_id, ordered_at, said_at, total, currency, counts)
        SELECT tenant_id, storefront_id, '1', '{seed.Recipients[0]}', created_at, created_at, 10, 'EUR', true FROM storefronts;
        """);
}
