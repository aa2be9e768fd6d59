using System.Collections.Concurrent;
using CampaignHub.Core.Campaigns;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Sending;

/// <summary>
/// Pauses a campaign that does harm: whose sender is refused, or of whose messages a mail domain behind a relay refuses
/// more than 5 % of the last 200 as policy or spam (counted by each node for itself). Only a person resumes it.
/// </summary>
internal sealed partial class CampaignBrake(Database database, IClock clock, ILogger<CampaignBrake> log)
{
    private const int Looked = 200;
    private const int Allowed = Looked / 20;
    private const int MostCounted = 10_000;

    private readonly ConcurrentDictionary<(Guid CampaignId, Guid RelayId, string Domain), Window> _windows = new();

    public void Count(QueuedDelivery queued, Relay relay, bool refusedByPolicy)
    {
        var key = (queued.Batch.Campaign.CampaignId, relay.RelayId, queued.Delivery.MailDomain);
        // Domains that refuse nothing need no window.
        if (!refusedByPolicy && !_windows.ContainsKey(key))
            return;
        if (_windows.Count > MostCounted)
            _windows.Clear();
        if (_windows.GetOrAdd(key, _ => new Window()).Add(refusedByPolicy) > Allowed && _windows.TryRemove(key, out _))
            Pull(queued.Batch, $"{queued.Delivery.MailDomain} refuses more than 5 % of the last {Looked} messages through {relay.Name} as policy or spam.");
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

    /// <summary>The last 200 messages: how many were refused.</summary>
    private sealed class Window
    {
        private readonly bool[] _last = new bool[Looked];
        private int _at;
        private int _refused;

        public int Add(bool refused)
        {
            lock (_last)
            {
                _refused += (refused ? 1 : 0) - (_last[_at] ? 1 : 0);
                _last[_at] = refused;
                _at = (_at + 1) % Looked;
                return _refused;
            }
        }
    }
}
