using CampaignHub.Core.Campaigns;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// Pauses a campaign that does harm: whose sender is refused, or of whose messages a mail domain behind a relay refuses
/// more than 5 % of the last 200 as policy or spam, counted over all nodes. Only a person resumes it.
/// </summary>
internal sealed partial class CampaignBrake(Database database, IClock clock, ILogger<CampaignBrake> log)
{
    private const int Allowed = PolicyWindowStore.Length / 20;

    /// <summary>Pauses the campaigns of which too many messages were refused.</summary>
    /// <param name="judged">Results that are committed, as their domains judged them.</param>
    /// <param name="windows">How many of the last messages each domain refused.</param>
    public void Look(IEnumerable<LedgerEntry.Result> judged, IReadOnlyCollection<(PolicyWindow Window, int Refused)> windows)
    {
        foreach (var (window, _) in windows.Where(w => w.Refused > Allowed))
        {
            var result = judged.First(r => r.Window == window);
            Pull(result.Queued.Batch,
                $"{window.MailDomain} refuses more than 5 % of the last {PolicyWindowStore.Length} messages through {result.Judgement!.Relay.Name} as policy or spam.");
        }
    }

    /// <summary>Pauses the campaign and says why; nothing more of the batch is begun.</summary>
    public void Pull(DeliveryBatch batch, string reason)
    {
        if (!batch.GoesOn)
            return;
        batch.Stop();
        _ = StopAsync(batch.TenantId, batch.Campaign.CampaignId, reason);
    }

    /// <summary>The same for one of which nothing is claimed.</summary>
    public async Task StopAsync(Guid tenantId, Guid campaignId, string reason)
    {
        try
        {
            await using var transaction = await database.BeginAsync(tenantId, CancellationToken.None);
            if (await CampaignStore.LockAsync(transaction, campaignId) is not { } campaign
                || await CampaignStore.MoveAsync(transaction, campaign, CampaignAction.Pause, clock.GetCurrentInstant(), pausedReason: reason) is not Transition.To)
                return;
            await transaction.CommitAsync();
            LogPaused(campaignId, reason);
        }
        catch (Npgsql.NpgsqlException fault)
        {
            // The next message or claim meets the same, and the pause is tried again.
            LogNotPaused(campaignId, fault.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Campaign {CampaignId} is paused: {Reason}")]
    private partial void LogPaused(Guid campaignId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Campaign {CampaignId} can't be paused now: {Reason}")]
    private partial void LogNotPaused(Guid campaignId, string reason);
}
