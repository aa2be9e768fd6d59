using CampaignHub.Core.Inbound;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Inbound;

/// <summary>Takes a mail that came back, whichever way it came: finds what it is about, and commits what follows from it.</summary>
internal sealed class InboundIntake(Database database, ReturnPaths paths, InboundEffects effects, ComplaintWatch complaints)
{
    /// <summary>Commits what follows from a mail about a delivery, once however often it is taken; false where it is to come again.</summary>
    /// <param name="tenantId">Whose it is.</param>
    /// <param name="deliveryId">What it is about.</param>
    /// <param name="mail">What it says.</param>
    /// <param name="bytes">The mail.</param>
    /// <param name="ct">Cancels; what isn't committed by then has not happened.</param>
    public async Task<bool> TakeAsync(Guid tenantId, Guid deliveryId, InboundMail mail, byte[] bytes, CancellationToken ct)
    {
        ReturnedDelivery? delivery;
        await using (var transaction = await database.BeginAsync(tenantId, ct))
        {
            delivery = await ReturnedDelivery.FindAsync(transaction, deliveryId);
            if (delivery is null)
                return true;
            if (delivery.IsOnTheWire)
                return false;
            await effects.ApplyAsync(transaction, delivery, mail, bytes);
            await transaction.CommitAsync();
        }
        // Of a mail that comes again too: the service may have died between the two.
        if (mail.Of(delivery.Email).Class == InboundClass.Complaint)
            await complaints.JudgeAsync(tenantId, delivery.CampaignId, delivery.MailDomain, ct);
        return true;
    }

    /// <summary>The tenant's delivery that a mail from a mailbox is about, by a return path in it or by our Message-ID; null: none of ours.</summary>
    public async Task<Guid?> FindAsync(Guid tenantId, InboundMail mail, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        foreach (var deliveryId in mail.ReturnPaths.Select(path => paths.ReadFor(tenantId, path)).OfType<Guid>())
            if (await ReturnedDelivery.FindAsync(transaction, deliveryId) is not null)
                return deliveryId;
        foreach (var messageId in mail.About)
            if (Guid.TryParseExact(messageId.Split('@')[0], "D", out var deliveryId) && await ReturnedDelivery.IsOfMessageAsync(transaction, deliveryId, messageId))
                return deliveryId;
        return null;
    }
}
