using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Mime;
using CampaignHub.Server.Campaigns;
using Content = CampaignHub.Core.Sending.Composing.CampaignContent;

namespace CampaignHub.Server.Sending;

/// <summary>A launched campaign as its messages are made from it: prepared once.</summary>
internal sealed record LaunchedCampaign(Guid TenantId, Guid CampaignId, LaunchedContent Content, PreparedMessage Message)
{
    public static LaunchedCampaign Of(Guid tenantId, Campaign campaign)
    {
        var content = campaign.LaunchedContent ?? throw new InvalidOperationException($"Campaign {campaign.CampaignId} was not launched.");
        var options = new PreparingOptions { TrackOpens = content.TrackOpens, TrackClicks = content.TrackClicks };
        if (!PreparedContent.TryPrepare(new Content(content.Subject, content.Html, content.Text), options, out var prepared, out var problems))
            throw new InvalidOperationException($"The content of campaign {campaign.CampaignId} was launched and can't be prepared: {problems[0].Message}");
        var writer = new MessageWriter(
            new MailAddress(content.FromName, content.FromEmail), content.ReplyTo is { } replyTo ? new MailAddress(null, replyTo) : null);
        return new LaunchedCampaign(tenantId, campaign.CampaignId, content, new PreparedMessage(prepared, writer));
    }
}
