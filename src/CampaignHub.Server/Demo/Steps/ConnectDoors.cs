using CampaignHub.Server.Demo.Client;
using CampaignHub.Server.Demo.Outside;

namespace CampaignHub.Server.Demo.Steps;

/// <summary>The shop is connected, so that its buyers come in, and an endpoint, which is told of every event.</summary>
internal static class ConnectDoors
{
    private const string Secret = "lark-and-loom-webhook-secret";

    public static async Task<Doors> RunAsync(Play play, HttpClient http)
    {
        play.Printer.Step("Connecting the shop, and an endpoint that is told of everything");
        var storefront = await play.Hub.PostAsync<Storefront>("/v1/storefronts",
            new { kind = "shopify", name = "Lark & Loom", domain = ShopFront.Domain, secret = Secret, list_id = play.ListId }, play.Interrupted);
        var webhook = await play.Hub.PostAsync<Webhook>("/v1/webhooks", new { url = play.Stage.Endpoint.Url }, play.Interrupted);
        play.Stage.Endpoint.Trust(webhook.Secret);
        play.Printer.Say($"The shop posts to {storefront.WebhookUrl}, signed; {play.Stage.Endpoint.Url} gets every event, signed by the service (Standard Webhooks).");
        return new Doors(new ShopFront(http, new Uri(storefront.WebhookUrl), Secret), storefront.Id, new MailReturns(play.Stage.ReturnsAt));
    }
}
