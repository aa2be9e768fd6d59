using CampaignHub.Core.Storefronts;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>
/// Works off what shops have posted: one message a transaction, each shop's in the order in which they came, several shops at
/// a time. One that throws is put off with what came after it about the same people, and given up after its ninth attempt.
/// </summary>
internal sealed partial class ShopMessageWorker(
    Database database, KeyRing ring, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<ShopMessageWorker> log) : WorkLoop(signal, health, log)
{
    private const int ShopsAtOnce = 4;
    private const int MessagesAtOnce = 200;
    private const int MostAttempts = 9;

    protected override WorkKind Heeds => WorkKind.ShopMessages;

    protected override async Task<bool> WorkAsync(CancellationToken ct)
    {
        var due = await database.LookUpAsync<(Guid TenantId, Guid StorefrontId)>("SELECT tenant_id, storefront_id FROM storefronts_with_messages()", null, ct);
        var more = 0;
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = ShopsAtOnce, CancellationToken = ct }, async (shop, token) =>
        {
            if (await WorkOffAsync(shop.TenantId, shop.StorefrontId, token))
                Interlocked.Exchange(ref more, 1);
        });
        return more == 1;
    }

    /// <summary>True if there may be more at once.</summary>
    private async Task<bool> WorkOffAsync(Guid tenantId, Guid storefrontId, CancellationToken ct)
    {
        IReadOnlyList<long> ready;
        await using (var transaction = await database.BeginAsync(tenantId, ct))
            ready = await ShopMessageStore.ReadyAsync(transaction, storefrontId, MessagesAtOnce);
        var heldBack = new HashSet<string>();
        foreach (var messageNo in ready)
            if (!await WorkAsync(tenantId, storefrontId, messageNo, heldBack, ct))
                return false;
        return ready.Count == MessagesAtOnce;
    }

    /// <summary>Works one off, unless it is about people whose earlier message is put off; false where another node has the shop's turn.</summary>
    private async Task<bool> WorkAsync(Guid tenantId, Guid storefrontId, long messageNo, HashSet<string> heldBack, CancellationToken ct)
    {
        StoredMessage message;
        Exception fault;
        // A dozen statements a message, and the same ones for each.
        await using (var transaction = await database.BeginPreparedAsync(tenantId, ct))
        {
            if (await StorefrontStore.TryLockAsync(transaction, storefrontId) is not { } storefront)
                return false;
            if (await ShopMessageStore.FindPendingAsync(transaction, storefrontId, messageNo) is not { } waiting)
                return true;
            message = waiting;
            if (message.IsPutOff || heldBack.Overlaps(message.PersonKeys))
            {
                heldBack.UnionWith(message.PersonKeys);
                return true;
            }
            try
            {
                var outcome = await ApplyAsync(transaction, storefront, message);
                await FinishAsync(transaction, storefrontId, message, outcome);
                await transaction.CommitAsync();
                return true;
            }
            catch (Exception thrown) when (!ct.IsCancellationRequested)
            {
                fault = thrown;
            }
        }
        LogFault(fault, message.MessageNo, storefrontId);
        heldBack.UnionWith(message.PersonKeys);
        await PutOffAsync(tenantId, storefrontId, message, ct);
        return true;
    }

    private async Task<ShopOutcome> ApplyAsync(TenantTransaction transaction, Storefront storefront, StoredMessage stored)
    {
        var message = ShopMessages.Read(storefront.KindWord, stored.Topic, stored.Payload)!;
        var said = stored.ReceivedAt is var received && (message.At ?? stored.TriggeredAt) is { } at && at < received ? at : received;
        switch (message.Act)
        {
            case ShopAct.Tell or ShopAct.Update or ShopAct.Remove or ShopAct.RemoveOrder:
                return await new ShopBuyers(transaction, storefront, ring, clock.GetCurrentInstant()).TakeAsync(message, said);
            case ShopAct.TellShop:
                await StorefrontStore.NoteShopAsync(transaction, storefront.StorefrontId, message.TimeZone, message.IsUninstalled ? said : null);
                return ShopOutcome.Processed;
            case ShopAct.RequestData or ShopAct.Redact or ShopAct.RedactShop:
                await new ShopBuyers(transaction, storefront, ring, clock.GetCurrentInstant()).LinkAsync(message);
                await PrivacyRequestStore.InsertAsync(transaction, storefront, PrivacyRequestKinds.Of(message.Act), stored.PersonKeys, stored.ReceivedAt);
                return ShopOutcome.Processed;
            default:
                return ShopOutcome.Ignored;
        }
    }

    private async Task FinishAsync(TenantTransaction transaction, Guid storefrontId, StoredMessage message, ShopOutcome outcome)
    {
        await ShopMessageStore.FinishAsync(transaction, storefrontId, message.MessageNo, outcome.State, outcome.IsErased);
        await StorefrontStore.CountAsync(transaction, storefrontId, outcome.State, message.ReceivedAt, outcome.Fault, clock.GetCurrentInstant());
    }

    private async Task PutOffAsync(Guid tenantId, Guid storefrontId, StoredMessage message, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        if (message.Attempts + 1 < MostAttempts)
            await ShopMessageStore.PutOffAsync(transaction, storefrontId, message.MessageNo);
        else
            await FinishAsync(transaction, storefrontId, message, ShopOutcome.Failed($"A message of {message.Topic} could not be worked off; the service's log says why."));
        await transaction.CommitAsync();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {MessageNo} of storefront {StorefrontId} could not be worked off")]
    private partial void LogFault(Exception fault, long messageNo, Guid storefrontId);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}

/// <summary>What came of a message.</summary>
/// <param name="State">Its last state.</param>
/// <param name="Fault">Why nothing came of it, in words for the shop's owner; null where it didn't fail.</param>
/// <param name="IsErased">It is about somebody who is gone: what it says isn't kept.</param>
internal sealed record ShopOutcome(string State, string? Fault = null, bool IsErased = false)
{
    public static readonly ShopOutcome Processed = new("processed");
    public static readonly ShopOutcome Ignored = new("ignored");
    public static readonly ShopOutcome Gone = new("ignored", IsErased: true);

    public static ShopOutcome Failed(string fault) => new("failed", fault);
}
