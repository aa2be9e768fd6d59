using CampaignHub.Core.Storefronts;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>
/// Works off what shops have posted: some messages a transaction, each shop's in the order in which they came, several shops at
/// a time. Where one throws, its neighbours are worked off without it; it is put off with what came after it about the same people,
/// and given up after its ninth attempt.
/// </summary>
internal sealed partial class ShopMessageWorker(
    Database database, KeyRing ring, IClock clock, WorkSignal signal, WorkerHealth health, ILogger<ShopMessageWorker> log) : WorkLoop(signal, health, log)
{
    private const int ShopsAtOnce = 4;
    private const int MessagesAtOnce = 200;

    /// <summary>So few that nobody waits long for a person whom they are about.</summary>
    private const int MessagesATransaction = 40;

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
        foreach (var some in ready.Chunk(MessagesATransaction))
            if (!await WorkAsync(tenantId, storefrontId, some, heldBack, ct))
                return false;
        return ready.Count == MessagesAtOnce;
    }

    /// <summary>Works some off; false where another node has the shop's turn.</summary>
    private async Task<bool> WorkAsync(Guid tenantId, Guid storefrontId, long[] messageNos, HashSet<string> heldBack, CancellationToken ct)
    {
        StoredMessage? message = null;
        Exception fault;
        // A dozen statements a message, and the same ones for each.
        await using (var transaction = await database.BeginPreparedAsync(tenantId, ct))
        {
            try
            {
                if (await StorefrontStore.TryLockAsync(transaction, storefrontId) is not { } storefront)
                    return false;
                var waiting = await ShopMessageStore.PendingAsync(transaction, storefrontId, messageNos);
                message = waiting.Count > 0 ? waiting[0] : null;
                await WorkAsync(transaction, storefront, waiting, heldBack);
                await transaction.CommitAsync();
                return true;
            }
            catch (Exception thrown) when (!ct.IsCancellationRequested && (messageNos.Length > 1 || message is not null))
            {
                fault = thrown;
            }
        }
        if (messageNos.Length > 1)
            return await WorkOneByOneAsync(tenantId, storefrontId, messageNos, heldBack, ct);
        LogFault(fault, message!.MessageNo, storefrontId);
        heldBack.UnionWith(message.PersonKeys);
        await PutOffAsync(tenantId, storefrontId, message, ct);
        return true;
    }

    private async Task<bool> WorkOneByOneAsync(Guid tenantId, Guid storefrontId, long[] messageNos, HashSet<string> heldBack, CancellationToken ct)
    {
        foreach (var messageNo in messageNos)
            if (!await WorkAsync(tenantId, storefrontId, [messageNo], heldBack, ct))
                return false;
        return true;
    }

    /// <summary>Works off those of them that aren't about people whose earlier message is put off.</summary>
    private async Task WorkAsync(TenantTransaction transaction, Storefront storefront, IReadOnlyList<StoredMessage> waiting, HashSet<string> heldBack)
    {
        var finished = new List<FinishedMessage>();
        foreach (var stored in waiting)
        {
            if (stored.IsPutOff || heldBack.Overlaps(stored.PersonKeys))
            {
                heldBack.UnionWith(stored.PersonKeys);
                continue;
            }
            var message = ShopMessages.Read(storefront.KindWord, stored.Topic, stored.Payload)!;
            finished.Add(new FinishedMessage(stored, await ApplyAsync(transaction, storefront, stored, message)));
            if (message.Act == ShopAct.TellShop)
                storefront = (await StorefrontStore.FindAsync(transaction, storefront.StorefrontId))!; // what comes after it counts by what it said
        }
        await FinishAsync(transaction, storefront.StorefrontId, finished);
    }

    private async Task<ShopOutcome> ApplyAsync(TenantTransaction transaction, Storefront storefront, StoredMessage stored, ShopMessage message)
    {
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

    private async Task FinishAsync(TenantTransaction transaction, Guid storefrontId, List<FinishedMessage> finished)
    {
        if (finished.Count == 0)
            return;
        await ShopMessageStore.FinishAsync(transaction, storefrontId, finished);
        await StorefrontStore.CountAsync(transaction, storefrontId, finished, clock.GetCurrentInstant());
    }

    private async Task PutOffAsync(Guid tenantId, Guid storefrontId, StoredMessage message, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        if (message.Attempts + 1 < MostAttempts)
            await ShopMessageStore.PutOffAsync(transaction, storefrontId, message.MessageNo);
        else
            await FinishAsync(
                transaction, storefrontId,
                [new FinishedMessage(message, ShopOutcome.Failed($"A message of {message.Topic} could not be worked off; the service's log says why."))]);
        await transaction.CommitAsync();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {MessageNo} of storefront {StorefrontId} could not be worked off")]
    private partial void LogFault(Exception fault, long messageNo, Guid storefrontId);

    // The generator needs a field of this name.
    private readonly ILogger log = log;
}

/// <summary>A message that is over, one way or another.</summary>
internal sealed record FinishedMessage(StoredMessage Message, ShopOutcome Outcome);

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
