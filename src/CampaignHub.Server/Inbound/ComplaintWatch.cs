using System.Globalization;
using CampaignHub.Core;
using CampaignHub.Core.Campaigns;
using CampaignHub.Core.Inbound;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Inbound;

/// <summary>
/// Raises an alarm where people at a mail domain complain too often about a campaign, and pauses it where they do so more
/// often still; each once, so that a person who resumes it has the last word.
/// </summary>
internal sealed class ComplaintWatch(Database database, IClock clock)
{
    /// <summary>Judges a campaign at a mail domain, after a complaint was counted. In a transaction of its own: it locks the campaign, which sending locks before people.</summary>
    public async Task JudgeAsync(Guid tenantId, Guid campaignId, string mailDomain, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        if (await ComplaintStore.LockAsync(transaction, campaignId, mailDomain) is not { PausedAt: null } count
            || ComplaintRate.Judge(count.Proportion) == ComplaintVerdict.Fine)
            return;
        count = count with { Accepted = await ComplaintStore.RecountAsync(transaction, count) };
        await FollowAsync(transaction, count, ComplaintRate.Judge(count.Proportion));
        await transaction.CommitAsync();
    }

    private async Task FollowAsync(TenantTransaction transaction, ComplaintCount count, ComplaintVerdict verdict)
    {
        if (verdict == ComplaintVerdict.Fine || verdict == ComplaintVerdict.Alarm && count.AlarmedAt is not null)
            return;
        var now = clock.GetCurrentInstant();
        var counted = string.Create(CultureInfo.InvariantCulture,
            $"{count.Complaints} of {count.Accepted} people at {count.MailDomain} who got the message reported it as spam ({count.Proportion.Share:P2}).");
        if (verdict == ComplaintVerdict.Pause && await CampaignStore.LockAsync(transaction, count.CampaignId) is { } campaign)
            await CampaignStore.MoveAsync(transaction, campaign, CampaignAction.Pause, now, pausedReason: counted);
        await ComplaintStore.NoteAsync(transaction, count, paused: verdict == ComplaintVerdict.Pause, now);
        await EventLog.AppendAsync(transaction, [new Event(EventTypes.ComplaintRate, now) { CampaignId = count.CampaignId, Class = verdict.Word(), Reason = counted }], now);
    }
}
