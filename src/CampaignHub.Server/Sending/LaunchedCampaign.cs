using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Mime;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Scheduling;
using Content = CampaignHub.Core.Sending.Composing.CampaignContent;

namespace CampaignHub.Server.Sending;

/// <summary>A launched campaign as its messages are made from it: prepared once.</summary>
/// <param name="TenantId">Whose it is.</param>
/// <param name="CampaignId">The campaign.</param>
/// <param name="Content">As it was frozen.</param>
/// <param name="Message">What its messages are filled from.</param>
/// <param name="Untracked">The same for people who don't want to be tracked: no picture, plain links. Prepared for the first of them.</param>
/// <param name="Hours">When it may reach whom; without holidays until <see cref="KeepingHolidaysAsync"/>.</param>
/// <param name="Cap">How often its people are mailed at most; null: as the tenant's cap says.</param>
/// <param name="Rate">Messages an hour, over all nodes; null: as many as its relays take.</param>
internal sealed record LaunchedCampaign(
    Guid TenantId, Guid CampaignId, LaunchedContent Content, PreparedMessage Message, Lazy<PreparedMessage> Untracked, SendingHours Hours, int? Rate, FrequencyCap? Cap)
{
    /// <summary>With the holidays as they are now: they may change after the launch.</summary>
    public async Task<LaunchedCampaign> KeepingHolidaysAsync(TenantTransaction transaction) =>
        this with { Hours = new SendingHours(Hours.Allowed, await HolidayStore.CalendarAsync(transaction, Hours.Allowed)) };

    public static LaunchedCampaign Of(Guid tenantId, Campaign campaign)
    {
        var content = campaign.LaunchedContent ?? throw new InvalidOperationException($"Campaign {campaign.CampaignId} was not launched.");
        var writer = new MessageWriter(
            new MailAddress(content.FromName, content.FromEmail), content.ReplyTo is { } replyTo ? new MailAddress(null, replyTo) : null);
        PreparedMessage Prepare(PreparingOptions tracking) =>
            PreparedContent.TryPrepare(
                new Content(content.Subject, content.Html, content.Text), tracking, out var prepared, out var problems)
                ? new PreparedMessage(prepared, writer)
                : throw new InvalidOperationException($"The content of campaign {campaign.CampaignId} was launched and can't be prepared: {problems[0].Message}");
        var tracked = new PreparingOptions { TrackOpens = content.TrackOpens, TrackClicks = content.TrackClicks, Honeypot = content.TrackHoneypot };
        var schedule = campaign.Schedule!;
        return new LaunchedCampaign(
            tenantId, campaign.CampaignId, content, Prepare(tracked), new(() => Prepare(PreparingOptions.Untracked)), new SendingHours(schedule.Allowed, HolidayCalendar.Empty), schedule.Rate,
            schedule.FrequencyCap);
    }
}
