using System.Globalization;
using CampaignHub.Server.Demo.Client;
using CampaignHub.Server.Demo.Outside;
using CampaignHub.Server.Demo.Printing;

namespace CampaignHub.Server.Demo.Steps;

/// <summary>A tenant with its key, domains with the records that they need, a list, and a relay that leads to the inbox.</summary>
internal static class OpenShop
{
    public static async Task<Play> RunAsync(Stage stage, IDemoPrinter printer, CancellationToken ct)
    {
        printer.Step("Opening a shop");
        using var operations = new HubClient(stage.Url, stage.OperatorKey);
        var tenant = await operations.PostAsync<Tenant>("/v1/tenants", new { name = "Lark & Loom", time_zone = "Europe/Berlin" }, ct);
        var hub = new HubClient(stage.Url, tenant.ApiKey);
        var list = await hub.PostAsync<Created>("/v1/lists", new { name = "Customers" }, ct);
        var play = new Play(stage, hub, tenant.ApiKey, list.Id, printer, ct);
        var records = await VerifyAsync(play, ShopFront.Domain, "sending") + await VerifyAsync(play, $"returns.{ShopFront.Domain}", "bounce");
        await ConnectRelayAsync(play);
        printer.Say($"A tenant, its first key, the list \"Customers\"; two domains, verified by {records} records in the demo's own DNS: {ShopFront.Domain} "
            + "signs (DKIM), and what bounces comes back to the other; and a relay that was checked up to MAIL FROM.");
        return play;
    }

    /// <summary>Publishes what the service asks for, and has it read. Answers how many records that were.</summary>
    private static async Task<int> VerifyAsync(Play play, string name, string kind)
    {
        var domain = await play.Hub.PostAsync<Domain>("/v1/domains", new { name, kind }, play.Interrupted);
        var records = domain.Records.Where(record => record.Value is not null).ToList();
        foreach (var record in records)
            Publish(play.Stage.Names, record);
        var read = await play.Hub.PostAsync<Domain>($"/v1/domains/{domain.Id}/verify", play.Interrupted);
        return read.Verified ? records.Count : throw new DemoFailure($"The domain {name} was not verified: {read.Problem}");
    }

    private static void Publish(DnsResponder names, DomainRecord record)
    {
        // A text of more than 255 characters stands in quoted strings, as in a zone file.
        if (record.Type == "TXT")
            names.Publish(record.Host, string.Concat(record.Value!.Split("\" \"")).Trim('"'));
        else if (record.Type == "MX" && record.Value!.Split(' ') is [var preference, var host])
            names.PublishExchange(record.Host, (int.Parse(preference, CultureInfo.InvariantCulture), host.TrimEnd('.')));
    }

    private static async Task ConnectRelayAsync(Play play)
    {
        var relay = await play.Hub.PostAsync<Created>("/v1/relays",
            new { name = "Inbox", host = "127.0.0.1", port = play.Stage.Inbox.Port, tls = "none", max_messages_per_connection = 1_000 }, play.Interrupted);
        if (await play.Hub.PostAsync<RelayCheck>($"/v1/relays/{relay.Id}/check", play.Interrupted) is { Ok: false } failed)
            throw new DemoFailure($"The relay's check failed: {failed.Advice}");
    }
}
