using System.Text;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Inbound;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Tracking;
using NodaTime;

namespace CampaignHub.Server.Inbound;

/// <summary>
/// What follows from a mail that came back or from what a provider says, in one transaction: it is kept, its event is noted, and the person is suppressed
/// where it says so. The same mail again changes nothing, and a delivery bounces, is complained of and is answered once.
/// </summary>
internal sealed class InboundEffects(InboundMetrics metrics, Settings settings, IClock clock)
{
    /// <param name="transaction">Of the tenant.</param>
    /// <param name="delivery">What the mail is about.</param>
    /// <param name="mail">What it says.</param>
    /// <param name="bytes">The mail, or a provider's id of what it says, by which it is known again where it has no Message-ID.</param>
    public async Task ApplyAsync(TenantTransaction transaction, ReturnedDelivery delivery, InboundMail mail, ReadOnlyMemory<byte> bytes)
    {
        var now = clock.GetCurrentInstant();
        var finding = mail.Of(delivery.Email);
        await InboundReportStore.LockAsync(transaction, delivery.DeliveryId);
        if (!await InboundReportStore.KeepAsync(transaction, delivery, finding, mail.MessageId is { } id ? Encoding.UTF8.GetBytes(id) : bytes, now))
            return;
        metrics.Reported(finding.Class);
        if (finding.IsFinal)
            await FollowAsync(transaction, delivery, finding, now);
    }

    private Task FollowAsync(TenantTransaction transaction, ReturnedDelivery delivery, InboundFinding finding, Instant now) => finding.Class switch
    {
        InboundClass.Hard => BounceForGoodAsync(transaction, delivery, finding, now),
        InboundClass.Soft or InboundClass.Full => BounceAsync(transaction, delivery, finding, now),
        InboundClass.Policy => NoteOnceAsync(transaction, delivery, Bounced(delivery, finding, "soft", now), now),
        InboundClass.Unsubscribe => UnsubscribeAsync(transaction, delivery, now),
        InboundClass.Complaint => ComplainAsync(transaction, delivery, finding, now),
        InboundClass.Reply => NoteOnceAsync(transaction, delivery, EventOf(delivery, EventTypes.Replied, finding, now) with { Reason = null }, now),
        _ => Task.CompletedTask,
    };

    private static async Task BounceForGoodAsync(TenantTransaction transaction, ReturnedDelivery delivery, InboundFinding finding, Instant now)
    {
        await NoteOnceAsync(transaction, delivery, Bounced(delivery, finding, "hard", now), now);
        await SuppressAsync(transaction, delivery, SuppressionReason.Bounce, finding.Diagnostic, now);
    }

    private async Task BounceAsync(TenantTransaction transaction, ReturnedDelivery delivery, InboundFinding finding, Instant now)
    {
        await NoteOnceAsync(transaction, delivery, Bounced(delivery, finding, "soft", now), now);
        var (bounces, days) = (settings.Inbound.SoftBounces, settings.Inbound.SoftBounceDays);
        if (await InboundReportStore.SoftBouncesAsync(transaction, delivery.RecipientId, now - Duration.FromDays(days)) >= bounces)
            await SuppressAsync(transaction, delivery, SuppressionReason.Bounce, $"{bounces} messages came back within {days} days. {finding.Diagnostic}", now);
    }

    private static async Task UnsubscribeAsync(TenantTransaction transaction, ReturnedDelivery delivery, Instant now)
    {
        if (await Unsubscription.FindAsync(transaction, delivery.DeliveryId) is { } wish)
            await wish.ApplyAsync(transaction, now);
    }

    private static async Task ComplainAsync(TenantTransaction transaction, ReturnedDelivery delivery, InboundFinding finding, Instant now)
    {
        await ConsentStore.WithdrawAsync(transaction, delivery.RecipientId, "complaint", $"delivery:{delivery.DeliveryId}", now, now);
        await SuppressAsync(transaction, delivery, SuppressionReason.Complaint, note: null, now);
        if (await NoteOnceAsync(transaction, delivery, EventOf(delivery, EventTypes.Complained, finding, now), now))
            await ComplaintStore.CountAsync(transaction, delivery);
    }

    /// <summary>The address that was mailed, whatever the person's is by now.</summary>
    private static async Task SuppressAsync(TenantTransaction transaction, ReturnedDelivery delivery, SuppressionReason reason, string? note, Instant now)
    {
        if (EmailAddress.TryParse(delivery.Email, out var address, out _))
            await SuppressionStore.SuppressAsync(transaction, address.Key, reason, "bounce", note, now);
    }

    private static async Task<bool> NoteOnceAsync(TenantTransaction transaction, ReturnedDelivery delivery, Event happened, Instant now)
    {
        // Deliveries that never left, as far as we know, aren't among those that a report subtracts bounces from.
        if (!delivery.HasLeft || await transaction.QuerySingleAsync<bool>("""
            SELECT EXISTS (SELECT 1 FROM events WHERE tenant_id = @TenantId AND delivery_id = @DeliveryId AND type = @Type)
            """, new { transaction.TenantId, delivery.DeliveryId, happened.Type }))
            return false;
        await EventLog.AppendAsync(transaction, [happened], now);
        return true;
    }

    private static Event Bounced(ReturnedDelivery delivery, InboundFinding finding, string kind, Instant now) =>
        EventOf(delivery, EventTypes.Bounced, finding, now) with { Class = kind };

    private static Event EventOf(ReturnedDelivery delivery, string type, InboundFinding finding, Instant now) => new(type, now)
    {
        CampaignId = delivery.CampaignId,
        DeliveryId = delivery.DeliveryId,
        RecipientId = delivery.RecipientId,
        Reason = finding.Rule,
    };
}
