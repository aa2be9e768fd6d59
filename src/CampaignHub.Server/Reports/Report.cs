using CampaignHub.Core.Reports;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Reports.Retention;
using CampaignHub.Server.Storefronts;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>What became of a campaign.</summary>
public sealed record Report
{
    /// <summary>The campaign.</summary>
    public Guid CampaignId { get; init; }

    /// <summary>Everything that was received before this instant is counted.</summary>
    public Instant AsOf { get; init; }

    /// <summary>
    /// The campaign was launched before this instant, and events from before it are no longer kept: what was counted from them stays,
    /// and can't be recounted. Null: every number can be.
    /// </summary>
    public Instant? SealedBefore { get; init; }

    /// <summary>How many deliveries are in each state, what was accepted by <c>as_of</c> taken from the events, and two sums: <c>total</c>, and <c>delivered</c> = accepted − bounced.</summary>
    public IReadOnlyDictionary<string, long> Deliveries { get; init; } = new Dictionary<string, long>();

    /// <summary>Opens. A click makes none.</summary>
    public required HitViewCounts Opens { get; init; }

    /// <summary>Clicks.</summary>
    public required HitViewCounts Clicks { get; init; }

    /// <summary>Messages that came back after they were accepted.</summary>
    public required BounceCounts Bounces { get; init; }

    /// <summary>Deliveries that were complained about.</summary>
    public long Complaints { get; init; }

    /// <summary>Deliveries from which somebody unsubscribed.</summary>
    public long Unsubscribes { get; init; }

    /// <summary>Replies that people wrote.</summary>
    public long Replies { get; init; }

    /// <summary>Orders of connected shops that the campaign led to: tests, cancelled and unfinished ones left out.</summary>
    public long Orders { get; init; }

    /// <summary>What they come to, by currency (ISO 4217), in units of it; what was refunded is taken off where the shop tells.</summary>
    public IReadOnlyDictionary<string, decimal> Revenue { get; init; } = new Dictionary<string, decimal>();

    /// <summary>How an order is attributed to a campaign.</summary>
    public required OrderAttributionRule Attribution { get; init; }

    /// <summary>Rates of the campaign.</summary>
    public required ReportRates Rates { get; init; }

    /// <summary>The same without the moment of asking.</summary>
    internal Report AtRest => this with { AsOf = default };

    internal static async Task<Report> ReadAsync(TenantTransaction transaction, Guid campaignId, FoldedThrough folded, OrderAttributionRule attribution)
    {
        var asOf = await folded.ReadAsync(transaction);
        var counters = await RollupStore.TotalAsync(transaction, campaignId);
        var sealedBefore = await SealStore.OfCampaignAsync(transaction, campaignId);
        var orders = await ShopOrderStore.OfCampaignAsync(transaction, campaignId);
        return Of(asOf, counters, await LedgerCounts.ReadAsync(transaction, counters)) with
        {
            Orders = orders.Sum(o => o.Orders),
            Revenue = orders.ToDictionary(o => o.Currency, o => o.Total),
            SealedBefore = sealedBefore,
            Attribution = attribution,
        };
    }

    private static Report Of(Instant asOf, Rollup counters, IReadOnlyDictionary<string, long> deliveries) => new()
    {
        CampaignId = counters.CampaignId,
        AsOf = asOf,
        Deliveries = deliveries,
        Opens = HitViewCounts.Of(counters, HitKind.Open, counters.Delivered),
        Clicks = HitViewCounts.Of(counters, HitKind.Click, counters.Delivered),
        Bounces = new BounceCounts(counters.BouncesHard, counters.BouncesSoft),
        Complaints = counters.Complaints,
        Unsubscribes = counters.Unsubscribes,
        Replies = counters.Replies,
        Attribution = new OrderAttributionRule(0),
        Rates = ReportRates.Of(counters.Rates),
    };
}

/// <summary>An order is its buyer's last human click's, on whatever campaign, that came before it and within so many days.</summary>
/// <param name="Days">1 to 90: the operator's setting.</param>
public sealed record OrderAttributionRule(int Days)
{
    /// <summary>What decides: <c>last_human_click</c>.</summary>
    public string By { get; } = "last_human_click";
}

/// <summary>Messages that came back.</summary>
/// <param name="Hard">For good: the address doesn't exist.</param>
/// <param name="Soft">For now, such as a full mailbox.</param>
public sealed record BounceCounts(long Hard, long Soft);

/// <summary>Rates with 4 decimals; null where there is nothing to divide by.</summary>
/// <param name="ClickToOpen">Human unique clicks ÷ human unique opens.</param>
/// <param name="Bounce">Bounces ÷ accepted.</param>
/// <param name="Complaint">Complaints ÷ delivered.</param>
/// <param name="Unsubscribe">Unsubscribes ÷ delivered.</param>
/// <param name="Reply">Replies ÷ delivered.</param>
public sealed record ReportRates(decimal? ClickToOpen, decimal? Bounce, decimal? Complaint, decimal? Unsubscribe, decimal? Reply)
{
    internal static ReportRates Of(CampaignRates rates) =>
        new(rates.ClickToOpen, rates.Bounce, rates.Complaint, rates.Unsubscribe, rates.Reply);
}
