using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using CampaignHub.Server.Storefronts;
using NodaTime;

namespace CampaignHub.Server.Inbound;

/// <summary>
/// Erases the people of whom a shop asks it, by law, and keeps the proof.
/// </summary>
internal sealed class Erasures(Database database, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<Erasures> log)
    : TenantLoop(database, "tenants_with_erasures", signal, health, log)
{
    private const int Batch = 500;

    protected override async Task<bool> WorkAsync(TenantTransaction transaction)
    {
        // Before anybody is locked: the ends of plans wait for removals, and these for them.
        await PersonRemovalStore.WaitForPlansAsync(transaction);
        if (await PrivacyRequestStore.LockNextAsync(transaction) is not { } request)
            return false;
        // Nothing that shops post is worked off meanwhile.
        await StorefrontStore.LockAllAsync(transaction);
        var now = clock.GetCurrentInstant();
        var isShop = request.Kind == PrivacyRequestKinds.ShopRedact;
        var people = isShop ? await ShopCustomerStore.BroughtAsync(transaction, request.StorefrontId, Batch) : request.Recipients;
        var already = PrivacyRequestView.Of(request).Erased ?? new PrivacyErased(0, 0, 0);
        var orders = await ShopOrderStore.EraseAsync(transaction, request.StorefrontId, isShop && people.Length < Batch ? null : people);
        var gone = await PersonErasure.EraseAsync(transaction, people, now);
        var erased = new PrivacyErased(already.Recipients + people.Length, already.Messages + gone.Messages, already.Orders + orders);
        if (isShop && people.Length == Batch)
        {
            await PrivacyRequestStore.NoteErasedAsync(transaction, request.RequestId, erased, doneAt: null);
            return true;
        }
        var keys = isShop ? null : request.PersonKeys;
        var messages = await ShopMessageStore.EraseAsync(transaction, request.StorefrontId, keys);
        await ShopCustomerStore.EraseAsync(transaction, request.StorefrontId, keys, now);
        await PrivacyRequestStore.NoteErasedAsync(transaction, request.RequestId, erased with { Messages = erased.Messages + messages }, now);
        return true;
    }
}
