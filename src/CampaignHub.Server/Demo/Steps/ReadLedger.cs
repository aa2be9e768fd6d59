using CampaignHub.Server.Demo.Client;
using CampaignHub.Server.Demo.Inbox;

namespace CampaignHub.Server.Demo.Steps;

/// <summary>A campaign as it was sent: what the service says of it, and what lies in the inbox.</summary>
internal sealed record SentCampaign(Campaign Campaign, IReadOnlyList<Delivery> Deliveries, IReadOnlyList<SinkMessage> Mails);

/// <summary>The campaign ends, and the service's ledger is read.</summary>
internal static class ReadLedger
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <param name="play">The demo.</param>
    /// <param name="campaignId">The campaign.</param>
    /// <param name="before">How many mails the inbox held before it was launched.</param>
    public static async Task<SentCampaign> RunAsync(Play play, Guid campaignId, int before = 0)
    {
        var campaign = await Waiting.UntilAsync(
            () => play.Hub.GetAsync<Campaign>($"/v1/campaigns/{campaignId}", play.Interrupted),
            campaign => campaign.Status == "finished", "the campaign is finished", s_patience, play.Interrupted);
        var deliveries = await play.Hub.GetAllAsync<Delivery>($"/v1/campaigns/{campaignId}/deliveries", play.Interrupted);
        return new SentCampaign(campaign, deliveries, [.. play.Stage.Inbox.Messages.Skip(before)]);
    }
}
