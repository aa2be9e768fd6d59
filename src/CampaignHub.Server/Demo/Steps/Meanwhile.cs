using System.Net;
using CampaignHub.Server.Demo.Client;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Demo.Outside;
using CampaignHub.Server.Demo.Readers;

namespace CampaignHub.Server.Demo.Steps;

/// <summary>What came in by the doors.</summary>
/// <param name="Buyers">Those who joined the campaign.</param>
/// <param name="ForgeryAnswered">What the forger got.</param>
/// <param name="Storefront">The storefront once all was worked off.</param>
/// <param name="EventsTold">How many different events the shop told of.</param>
/// <param name="Bounced">Whose mail came back.</param>
/// <param name="Complained">Who called it spam.</param>
internal sealed record WhatCameIn(
    IReadOnlyList<Buyer> Buyers, HttpStatusCode ForgeryAnswered, Storefront Storefront, int EventsTold, string Bounced, string Complained);

/// <summary>
/// While the campaign is under way and the clock stands still, the shop sells, somebody forges, a mail bounces and one is called
/// spam: who buys and consents joins the campaign at their own hour.
/// </summary>
internal static class Meanwhile
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static async Task<WhatCameIn> RunAsync(Play play, Doors doors, Guid campaignId, Diary diary)
    {
        play.Printer.Step("Meanwhile the shop sells, and some mail comes back");
        var forgery = await SellAsync(play, doors.Shop, diary.Who(Deed.Clicked).Order(StringComparer.Ordinal).FirstOrDefault()
            ?? throw new DemoFailure("Nobody has clicked so far, so that there is nobody to order something."));
        var storefront = await Waiting.UntilAsync(
            () => play.Hub.GetAsync<Storefront>($"/v1/storefronts/{doors.StorefrontId}", play.Interrupted),
            shop => shop.Messages.Pending == 0 && shop.Messages.Received >= doors.Shop.Events, "the shop's messages are worked off", s_patience, play.Interrupted);
        var buyers = Buyer.All.Where(buyer => buyer.Consents).ToList();
        await Waiting.UntilAsync(
            () => play.Hub.GetAsync<Plan>($"/v1/campaigns/{campaignId}/plan", play.Interrupted),
            plan => plan.Joined >= buyers.Count, "the buyers have joined the campaign", s_patience, play.Interrupted);
        play.Printer.Say($"The shop posted {doors.Shop.Posted} signed webhooks, one of them a repeat: three buyers, one of whom doesn't want mail, and an order of somebody who had clicked. "
            + $"Somebody else posted one with a signature of their own, and got {(int)forgery}.");
        play.Printer.Say($"{string.Join(" and ", buyers.Select(buyer => $"{buyer.FirstName} ({buyer.TimeZone})"))} joined the campaign that is under way, for their own ten o'clock.");
        var (bounced, complained) = await ReturnMailAsync(play, doors.Returns);
        play.Printer.Say($"One mail came back to its return path (550 5.1.1), and one reader called it spam: {bounced} and {complained} get no more.");
        return new WhatCameIn(buyers, forgery, storefront, doors.Shop.Events, bounced, complained);
    }

    private static async Task<HttpStatusCode> SellAsync(Play play, ShopFront shop, string customer)
    {
        var now = play.Stage.Clock.GetCurrentInstant();
        foreach (var buyer in Buyer.All)
            await shop.PostAsync($"buyer-{buyer.Number}", "customers/create", buyer.Told(now), play.Interrupted);
        // Shopify hasn't seen an answer and tells it again.
        await shop.PostAsync($"buyer-{Buyer.All[0].Number}", "customers/create", Buyer.All[0].Told(now), play.Interrupted);
        await shop.PostAsync("order", "orders/create", Order.Told(customer, now), play.Interrupted);
        var intruder = new Buyer(9_666, "Mallory", "mallory@intruder.example", "US", null, Consents: true, "America/New_York");
        return await shop.ForgeAsync("customers/create", intruder.Told(now), play.Interrupted);
    }

    /// <summary>Of those who don't read their mail, so that the diary stays what readers did.</summary>
    private static async Task<(string Bounced, string Complained)> ReturnMailAsync(Play play, MailReturns returns)
    {
        if (play.Stage.Inbox.Messages.Where(mail => Reader.Of(mail.Recipients[0]) is { Reads: false, Gateway: null }).Take(2).ToList() is not [var lost, var unwanted])
            throw new DemoFailure("Everybody reads their mail, so that none can come back.");
        await returns.BounceAsync(lost, play.Interrupted);
        await returns.ComplainAsync(unwanted, play.Interrupted);
        await SuppressedAsync(play, lost);
        await SuppressedAsync(play, unwanted);
        return (lost.Recipients[0], unwanted.Recipients[0]);
    }

    private static async Task SuppressedAsync(Play play, SinkMessage mail) => await Waiting.UntilAsync(
        () => play.Hub.GetAsync<RecipientPage>($"/v1/recipients?email={Uri.EscapeDataString(mail.Recipients[0])}", play.Interrupted),
        found => found.Data is [{ Suppressed: true }], $"{mail.Recipients[0]} is suppressed", s_patience, play.Interrupted);
}
