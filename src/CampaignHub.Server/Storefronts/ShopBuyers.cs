using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Storefronts;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>Makes a shop's people recipients, and keeps them as the shop tells. The transaction has the storefront's turn.</summary>
internal sealed class ShopBuyers(TenantTransaction transaction, Storefront storefront, KeyRing ring, Instant now)
{
    /// <param name="message">What the shop says.</param>
    /// <param name="at">When that was so, not ahead of when it was received.</param>
    public async Task<ShopOutcome> TakeAsync(ShopMessage message, Instant at)
    {
        if (message.Act == ShopAct.RemoveOrder)
            return await DropOrderAsync(message.Order!, at);
        if (message.Fault is { } fault)
            return ShopOutcome.Failed(fault);
        if (new ShopPersonKeys(ring, transaction.TenantId).Of(message).FirstOrDefault() is not { } key)
            return ShopOutcome.Ignored;
        var customer = await ShopCustomerStore.FindAsync(transaction, storefront.StorefrontId, key) ?? new ShopCustomer { CustomerKey = key };
        if (message.Act == ShopAct.Remove)
            return await RemoveAsync(customer, at);
        return customer.GoneAt >= at ? ShopOutcome.Gone : await TellAsync(message, customer, at);
    }

    /// <summary>Whoever has the address counts as the shop's for a request by law, however they came.</summary>
    public async Task LinkAsync(ShopMessage message)
    {
        if (message.Email is not { } email || await RecipientStore.LockByKeyAsync(transaction, email.Key) is not { } recipient)
            return;
        var key = new ShopPersonKeys(ring, transaction.TenantId).Of(email);
        var customer = await ShopCustomerStore.FindAsync(transaction, storefront.StorefrontId, key) ?? new ShopCustomer { CustomerKey = key };
        await ShopCustomerStore.SaveAsync(transaction, storefront.StorefrontId, customer with { RecipientId = recipient.RecipientId });
    }

    private async Task<ShopOutcome> TellAsync(ShopMessage message, ShopCustomer customer, Instant at)
    {
        var isNews = customer.SaidAt is not { } said || at >= said;
        var (known, isRenamed) = await RecipientOfAsync(message, customer, isNews);
        if (known is null && (message.Email is null || message.Act == ShopAct.Update))
            return ShopOutcome.Ignored; // Nobody that mail could go to, or who hasn't bought anything yet.
        var isNew = known is null;
        var recipient = isNew || isRenamed ? (known ?? Recipient.New(now)).WithAddress(message.Email!, ring, transaction.TenantId) : known!;
        var tags = ShopTags.Of(customer, message.Person, isNews, at);
        var consent = ConsentOf(message, customer, isNews, at);
        recipient = Edited(recipient, message, isNews) with { AttributesJson = tags.ApplyTo(recipient.AttributesJson, consent.Level) };
        recipient = await SaveAsync(recipient, known, message, consent, at);
        if (customer.RecipientId != recipient.RecipientId || customer.GoneAt is not null)
            await EnterListAsync(recipient.RecipientId);
        await ShopCustomerStore.SaveAsync(transaction, storefront.StorefrontId, customer with
        {
            RecipientId = recipient.RecipientId,
            Brought = customer.Brought && customer.RecipientId == recipient.RecipientId || isNew,
            SaidAt = isNews ? at : customer.SaidAt,
            ConsentSaid = consent.Said ?? customer.ConsentSaid,
            TagTimes = tags.Times,
            GoneAt = null,
        });
        return ShopOutcome.Processed;
    }

    /// <summary>
    /// Who it is: by the customer, or by address. A customer's new address becomes their recipient's, unless somebody has it
    /// already: then that is who they are from now on. An order names an address without changing anybody's.
    /// </summary>
    private async Task<(Recipient? Known, bool IsRenamed)> RecipientOfAsync(ShopMessage message, ShopCustomer customer, bool isNews)
    {
        var linked = customer.RecipientId is { } id ? await RecipientStore.LockAsync(transaction, id) : null;
        if (message.Email is not { } email || linked?.EmailKey == email.Key)
            return (linked, false);
        if (linked is not null && (!isNews || message.Order is not null || message.Act != ShopAct.Tell))
            return (linked, false);
        return await RecipientStore.LockByKeyAsync(transaction, email.Key) is { } other ? (other, false) : (linked, linked is not null);
    }

    /// <summary>Writes them with the order and what follows from it. What is new of consent goes through Core's table.</summary>
    private async Task<Recipient> SaveAsync(Recipient recipient, Recipient? known, ShopMessage message, HeardConsent consent, Instant at)
    {
        if (consent.Stated.Statement != ConsentStatement.Silent)
            await ConsentStore.RestOnAsync(transaction, $"storefront:{storefront.StorefrontId}");
        if (known is null)
        {
            recipient = recipient.WithConsent(Consent.After(null, consent.Stated, ConsentChannel.Data));
            // Who was made by another a moment ago is met again when this message is tried once more.
            if (!await RecipientStore.InsertAsync(transaction, recipient))
                throw new InvalidOperationException("The recipient was made by somebody else at this moment.");
            await RecipientEvents.NoteCreatedAsync(transaction, recipient, now);
        }
        var written = recipient;
        if (message.Order is { } order)
        {
            await ShopOrderStore.SaveAsync(transaction, storefront.StorefrontId, recipient.RecipientId, order, at);
            recipient = await WithOrdersAsync(recipient);
        }
        if (known is null ? recipient != written : recipient != known)
            await RecipientStore.UpdateAsync(transaction, recipient with { UpdatedAt = now });
        if (known is not null && consent.Stated.Statement != ConsentStatement.Silent)
            await ConsentStore.ApplyAsync(transaction, recipient.RecipientId, consent.Stated, ConsentChannel.Data, now);
        return recipient;
    }

    private async Task<Recipient> WithOrdersAsync(Recipient recipient) => await ShopOrderStore.BoughtAsync(transaction, recipient.RecipientId) is var bought
        ? recipient with { AttributesJson = ShopTags.WithOrders(recipient.AttributesJson, bought) } : recipient;

    private async Task EnterListAsync(Guid recipientId)
    {
        await ListStore.HoldAsync(transaction, [storefront.ListId]);
        await ListStore.EnterAsync(transaction, recipientId, new([storefront.ListId]), now);
    }

    private Recipient Edited(Recipient before, ShopMessage message, bool isNews)
    {
        var person = isNews ? message.Person : ShopPerson.Unknown;
        var edited = before with
        {
            FirstName = person.FirstName ?? before.FirstName,
            LastName = person.LastName ?? before.LastName,
            Locale = before.Chosen.Contains(ChosenFields.Locale) ? before.Locale : person.Locale ?? before.Locale,
            Phone = person.Phone ?? before.Phone,
            Country = person.Country ?? before.Country,
            // A region of the country before means nothing in another.
            Region = person.Region ?? (person.Country is null || person.Country == before.Country ? before.Region : null),
            ShopTimeZone = storefront.TimeZone ?? before.ShopTimeZone,
            UpdatedAt = before.UpdatedAt == default ? now : before.UpdatedAt,
        };
        return WithZone(edited, before);
    }

    /// <summary>A zone that was given stays, and so does one whose evidence hasn't changed; the shop's own zone is evidence where nothing better is known.</summary>
    private static Recipient WithZone(Recipient edited, Recipient before)
    {
        var source = WireWords.Parse<ZoneSource>(before.TimeZoneSource);
        var hasMoved = (edited.Country, edited.Region, edited.Phone) != (before.Country, before.Region, before.Phone);
        var hasNewShop = edited.ShopTimeZone != before.ShopTimeZone && source is ZoneSource.Storefront or ZoneSource.CountryGuess or ZoneSource.Fallback;
        if (source == ZoneSource.Given || !hasMoved && !hasNewShop)
            return edited;
        var zone = ZoneInference.Infer(null, edited.Country, edited.Region, edited.Phone, edited.ShopTimeZone);
        return edited with { TimeZone = zone.TimeZone, TimeZoneSource = zone.Source.Word(), TimeZoneConfidence = null };
    }

    /// <summary>A word with an instant of its own is judged by that; one without is part of its message, and overtaken with it.</summary>
    private HeardConsent ConsentOf(ShopMessage message, ShopCustomer customer, bool isNews, Instant at)
    {
        if (message.Consent is not { } consent || consent.At is null && !isNews)
            return new HeardConsent(new StatedConsent(ConsentStatement.Silent, storefront.Domain, null), null, null);
        var heard = consent.Beside(customer.ConsentSaid is { } said ? WireWords.Parse<ConsentStatement>(said) : null, at);
        // A yes from the future would outlast every no.
        var saidAt = heard.At is { } when && when > now ? now : heard.At;
        return new HeardConsent(new StatedConsent(heard.Statement, storefront.Domain, saidAt), consent.Statement.Word(), isNews ? consent.Level : null);
    }

    private async Task<ShopOutcome> RemoveAsync(ShopCustomer customer, Instant at)
    {
        if (customer.RecipientId is { } recipientId)
        {
            await ConsentStore.ApplyAsync(
                transaction, recipientId, new StatedConsent(ConsentStatement.Refused, storefront.Domain, null), ConsentChannel.Data, now);
            await ListStore.TakeOffAsync(transaction, recipientId, storefront.ListId);
        }
        await ShopCustomerStore.SaveAsync(transaction, storefront.StorefrontId, customer with { GoneAt = at });
        return ShopOutcome.Processed;
    }

    private async Task<ShopOutcome> DropOrderAsync(ShopOrder order, Instant at)
    {
        if (order.OrderId.Length == 0 || await ShopOrderStore.DropAsync(transaction, storefront.StorefrontId, order.OrderId, at) is not { } recipientId
            || await RecipientStore.LockAsync(transaction, recipientId) is not { } recipient)
            return ShopOutcome.Ignored;
        await RecipientStore.UpdateAsync(transaction, await WithOrdersAsync(recipient) with { UpdatedAt = now });
        return ShopOutcome.Processed;
    }

    /// <summary>What is new of a person's consent.</summary>
    /// <param name="Stated">As Core's table takes it.</param>
    /// <param name="Said">The shop's word, to be remembered; null: none.</param>
    /// <param name="Level">The level of the opt-in, which becomes an attribute; null: none is told.</param>
    private sealed record HeardConsent(StatedConsent Stated, string? Said, string? Level);
}
