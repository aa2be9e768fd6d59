using System.Net;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tests.Deliveries;

public sealed class PersonRemovalTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    [Theory]
    [InlineData("scheduled", 0, "cancelled")]
    [InlineData("leased", 0, "cancelled")]
    [InlineData("deferred", 0, "cancelled")]
    [InlineData("deferred", 1, "held")]
    [InlineData("uncertain", 0, "held")]
    [InlineData("sending", 0, "sending")]
    [InlineData("accepted", 0, "accepted")]
    [InlineData("rejected", 0, "rejected")]
    public async Task What_was_not_sent_ends_and_every_delivery_loses_the_address(string state, int resends, string expected)
    {
        var tenant = await _service.NewTenantAsync();
        var email = $"{state}{resends}@shop.example";
        var list = await tenant.Http.PostAsync("/v1/lists", new { name = "x" }, HttpStatusCode.Created);
        var person = await tenant.Http.PostAsync("/v1/recipients", new { email, lists = (string[])[list["id"]!.GetValue<string>()] }, HttpStatusCode.Created);
        var stored = state == "leased" ? "scheduled" : state; // a lease bears it, and its row says nothing of that
        await _service.SqlAsync($"""
            INSERT INTO campaignhub.deliveries (tenant_id, delivery_id, campaign_id, recipient_id, address_hash, email, mail_domain,
                time_zone_source, zone_number, state, resends, updated_at)
            SELECT tenant_id, gen_random_uuid(), gen_random_uuid(), recipient_id, address_hash, email, mail_domain,
                'fallback', 0, '{stored}', {resends}, now()
            FROM campaignhub.recipients WHERE recipient_id = '{person["id"]}';
            INSERT INTO campaignhub.leases (tenant_id, token, campaign_id, node_id, until, delivery_ids)
            SELECT tenant_id, gen_random_uuid(), campaign_id, gen_random_uuid(), now() + interval '1 hour', ARRAY[delivery_id]
            FROM campaignhub.deliveries WHERE recipient_id = '{person["id"]}' AND '{state}' IN ('leased', 'sending');
            """);

        await tenant.Http.DeleteAsync($"/v1/recipients/{person["id"]}").ExpectAsync(HttpStatusCode.NoContent);

        var left = await DeliveryAsync(tenant, person["id"]!.GetValue<Guid>());
        left.Email.ShouldBeNull();
        left.AddressHash.Length.ShouldBe(16);
        left.State.ShouldBe(expected);
        await tenant.Http.GetAsync($"/v1/recipients/{person["id"]}").ExpectAsync(HttpStatusCode.NotFound);
        (await tenant.Http.GetJsonAsync($"/v1/lists/{list["id"]}"))["recipients"]!.GetValue<long>().ShouldBe(0);
    }

    private async Task<(string State, string? Email, byte[] AddressHash)> DeliveryAsync(TestTenant tenant, Guid recipientId)
    {
        await using var transaction = await _service.Get<Database>().BeginAsync(tenant.Id, default);
        return await transaction.QuerySingleAsync<(string, string?, byte[])>("""
            SELECT state, email, address_hash FROM deliveries WHERE tenant_id = @TenantId AND recipient_id = @recipientId
            """, new { transaction.TenantId, recipientId });
    }
}
