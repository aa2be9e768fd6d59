namespace CampaignHub.Core.Reports;

/// <summary>Counts of a campaign from which its rates follow.</summary>
/// <param name="Accepted">Deliveries that a relay accepted.</param>
/// <param name="Bounced">Deliveries that bounced afterwards, hard and soft.</param>
/// <param name="UniqueOpens">Deliveries opened at least once, in the view that is asked for.</param>
/// <param name="UniqueClicks">Deliveries clicked at least once, in the same view.</param>
/// <param name="Complaints">Deliveries complained about.</param>
/// <param name="Unsubscribes">Deliveries from which somebody unsubscribed.</param>
/// <param name="Replies">Deliveries answered.</param>
public sealed record CampaignCounts(
    long Accepted, long Bounced, long UniqueOpens, long UniqueClicks, long Complaints, long Unsubscribes, long Replies)
{
    /// <summary>Accepted and not bounced since.</summary>
    public long Delivered => Accepted - Bounced;
}

/// <summary>The report's <c>rates</c>, each 0 to 4 decimals, null where there is nothing to divide by.</summary>
public sealed record CampaignRates(decimal? ClickToOpen, decimal? Bounce, decimal? Complaint, decimal? Unsubscribe, decimal? Reply);

/// <summary>Rates as the field counts them: unique ÷ delivered.</summary>
public static class Rates
{
    private const int Decimals = 4;

    /// <summary>Part ÷ whole to 4 decimals, halves away from zero; null when the whole is not positive.</summary>
    public static decimal? Of(long part, long whole) =>
        whole <= 0 ? null : Math.Round((decimal)part / whole, Decimals, MidpointRounding.AwayFromZero);

    /// <summary>All rates of a campaign. Bounces are of what was accepted, the others of what was delivered; <c>click_to_open</c> is unique clicks ÷ unique opens.</summary>
    public static CampaignRates Of(CampaignCounts counts) => new(
        ClickToOpen: Of(counts.UniqueClicks, counts.UniqueOpens),
        Bounce: Of(counts.Bounced, counts.Accepted),
        Complaint: Of(counts.Complaints, counts.Delivered),
        Unsubscribe: Of(counts.Unsubscribes, counts.Delivered),
        Reply: Of(counts.Replies, counts.Delivered));
}
