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
    public async Task An_export_holds_the_person_their_consent_and_what_happened_and_nobody_else()
    {
        var (seed, email) = await ClickedAsync();
        await seed.Tenant.Http.PostAsync("/v1/suppressions", new { pattern = "*@mail.example", reason = "manual" }, HttpStatusCode.Created);

        var export = await seed.Tenant.Http.GetJsonAsync($"/v1/recipients/{seed.Recipients[0]}/export");

        export["recipient"]!["email"]!.GetValue<string>().ShouldBe(email);
        export["consent"]!.AsArray().ShouldHaveSingleItem()!["status"]!.GetValue<string>().ShouldBe("granted");
        export["suppressions"]!.AsArray().ShouldHaveSingleItem()!["pattern"]!.GetValue<string>().ShouldBe("*@mail.example");
        export["deliveries"]!.AsArray().ShouldHaveSingleItem()!["id"]!.GetValue<Guid>().ShouldBe(seed.Deliveries[0]);
        export["events"]!.AsArray().ShouldHaveSingleItem()!["url"]!.GetValue<string>().ShouldContain("who=ann");
        export["orders"]!.AsArray().ShouldBeEmpty();
        export.ToJsonString().ShouldNotContain(seed.Recipients[1].ToString());
        await _service.Http.GetAsync($"/v1/recipients/{seed.Recipients[0]}/export").ExpectAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nothing_that_names_a_deleted_person_is_left_and_everything_is_still_counted()
    {
        var (seed, email) = await ClickedAsync();
        await seed.SqlAsync(_service, $"""
            UPDATE deliveries SET smtp_reply = '250 2.0.0 <{email}> queued' WHERE tenant_id = @TenantId AND recipient_id = '{seed.Recipients[0]}';
            INSERT INTO inbound_reports (tenant_id, report_id, received_at, digest, delivery_id, campaign_id, recipient_id, class, rule, is_final, diagnostic)
            SELECT tenant_id, gen_random_uuid(), '2026-11-27T09:00:00Z', '\\x01', delivery_id, campaign_id, recipient_id, 'soft', 'x', true, '452 {email}: mailbox full'
            FROM deliveries WHERE tenant_id = @TenantId AND recipient_id = '{seed.Recipients[0]}';
            """);
        var before = await seed.FoldedReportAsync(_service);

        await seed.Tenant.Http.DeleteAsync($"/v1/recipients/{seed.Recipients[0]}").ExpectAsync(HttpStatusCode.NoContent);

        await using var transaction = await _service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        foreach (var table in (string[])["deliveries", "events", "hits", "inbound_reports", "recipients", "consent_history"])
            foreach (var row in await transaction.QueryAsync<string>($"SELECT to_jsonb(t)::text FROM {table} t WHERE tenant_id = @TenantId", new { transaction.TenantId }))
            {
                row.ShouldNotContain(email, Case.Insensitive, table);
                row.ShouldNotContain("who=ann", Case.Insensitive, table);
            }
        (await transaction.QuerySingleAsync<string>("SELECT diagnostic FROM inbound_reports WHERE tenant_id = @TenantId", new { transaction.TenantId })).ShouldBe("452 … mailbox full");
        (await seed.FoldedReportAsync(_service))["clicks"]!.ToJsonString().ShouldBe(before["clicks"]!.ToJsonString());
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
}
