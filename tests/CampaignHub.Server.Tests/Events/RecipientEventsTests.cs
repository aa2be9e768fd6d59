using System.Net;

namespace CampaignHub.Server.Tests.Events;

public sealed class RecipientEventsTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    [Fact]
    public async Task What_becomes_of_a_person_and_of_their_consent_is_told_once_and_what_changes_neither_is_not()
    {
        var tenant = await fixture.Service.NewTenantAsync();
        var ann = await tenant.Http.PostAsync("/v1/recipients", new { email = "ann@shop.example" }, HttpStatusCode.Created);
        await tenant.Http.PostAsync("/v1/recipients", new { email = "ann@shop.example", first_name = "Ann" }, HttpStatusCode.OK);
        await tenant.Http.PatchAsync($"/v1/recipients/{ann["id"]}", new { consent = new { status = "withdrawn", source = "phone" } }, HttpStatusCode.OK);
        await tenant.Http.PatchAsync($"/v1/recipients/{ann["id"]}", new { consent = new { status = "withdrawn", source = "letter" } }, HttpStatusCode.OK);
        (await tenant.Http.DeleteAsync($"/v1/recipients/{ann["id"]}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var feed = new Feed(tenant.Http, only: "recipient.");
        await feed.ReadUntilAsync(3);
        feed.Seen.Select(e => $"{e["type"]} {e["class"]} {e["reason"]}".TrimEnd()).ShouldBe(
            ["recipient.created granted api", "recipient.consent_changed withdrawn phone", "recipient.deleted"]);
        feed.Seen.ShouldAllBe(e => e["recipient_id"]!.GetValue<Guid>() == ann["id"]!.GetValue<Guid>());
    }

    [Fact]
    public async Task An_unsubscription_changes_the_consent_too()
    {
        var seed = await Seed.SentAsync(fixture.Service);
        using var http = fixture.Service.Anonymous;
        using var done = await http.PostAsync(seed.UnsubscribePage(), new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));
        var feed = new Feed(seed.Tenant.Http, only: "");
        await feed.ReadUntilAsync(2);
        feed.Values("type").ShouldBe(["recipient.consent_changed", "delivery.unsubscribed"]);
    }
}
