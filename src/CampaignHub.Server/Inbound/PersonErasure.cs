using CampaignHub.Server.Audience;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Events;
using CampaignHub.Server.Forms;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Storefronts;
using CampaignHub.Server.Tracking;
using NodaTime;

namespace CampaignHub.Server.Inbound;

/// <summary>
/// Removes people with all that says who they are: themselves, their addresses in the ledger, in what relays and mailboxes answered,
/// in the links that were made for them and in what shops posted. What happened stays counted. Lives here since it needs every room above.
/// </summary>
internal static class PersonErasure
{
    /// <summary>For who has waited by <see cref="PersonRemovalStore.WaitForPlansAsync"/>, before anybody was locked.</summary>
    public static async Task<ErasedPeople> EraseAsync(TenantTransaction transaction, Guid[] people, Instant now)
    {
        await StorefrontStore.LockAllAsync(transaction);
        // By their addresses, so before those are gone.
        await ConfirmationStore.ForgetPeopleAsync(transaction, people);
        var messages = await ShopMessageStore.ForgetPeopleAsync(transaction, people);
        await ShopCustomerStore.ForgetPeopleAsync(transaction, people, now);
        var erased = await RecipientStore.DeleteAsync(transaction, people);
        await RecipientEvents.NoteDeletedAsync(transaction, erased, now);
        await PersonRemovalStore.RemoveAsync(transaction, people, now);
        var deliveries = await PersonRemovalStore.DeliveriesOfAsync(transaction, people);
        // Hits first: where they are being judged this waits, and then finds what the judge has made of them.
        await HitStore.ForgetPlacesAsync(transaction, deliveries);
        await EventLog.ForgetPlacesAsync(transaction, deliveries);
        await HitNetworkStore.ForgetAsync(transaction, deliveries);
        await InboundReportStore.ForgetAddressesAsync(transaction, deliveries);
        return new ErasedPeople(erased.Count, messages);
    }
}

/// <summary>How much went with people.</summary>
/// <param name="Recipients">How many of them there were.</param>
/// <param name="Messages">How many messages of shops were about them.</param>
internal sealed record ErasedPeople(int Recipients, int Messages);
