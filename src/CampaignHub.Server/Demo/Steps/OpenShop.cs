using CampaignHub.Server.Demo.Client;
using CampaignHub.Server.Demo.Printing;

namespace CampaignHub.Server.Demo.Steps;

/// <summary>A tenant with its key, a list, and a relay that leads to the inbox.</summary>
internal static class OpenShop
{
    public static async Task<Play> RunAsync(Stage stage, IDemoPrinter printer, CancellationToken ct)
    {
        printer.Step("Opening a shop");
        using var operations = new HubClient(stage.Url, stage.OperatorKey);
        var tenant = await operations.PostAsync<Tenant>("/v1/tenants", new { name = "Lark & Loom", time_zone = "Europe/Berlin" }, ct);
        var hub = new HubClient(stage.Url, tenant.ApiKey);
        var list = await hub.PostAsync<Created>("/v1/lists", new { name = "Customers" }, ct);
        var relay = await hub.PostAsync<Created>("/v1/relays",
            new { name = "Inbox", host = "127.0.0.1", port = stage.Inbox.Port, tls = "none", max_messages_per_connection = 1_000 }, ct);
        if (await hub.PostAsync<RelayCheck>($"/v1/relays/{relay.Id}/check", ct) is { Ok: false } failed)
            throw new DemoFailure($"The relay's check failed: {failed.Advice}");
        printer.Say("A tenant, its first key, the list \"Customers\", and a relay that was checked up to MAIL FROM.");
        return new Play(stage, hub, tenant.ApiKey, list.Id, printer, ct);
    }
}
