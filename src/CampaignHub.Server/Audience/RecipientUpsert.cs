using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>What came of making or changing a recipient.</summary>
/// <param name="Recipient">As they are now; without meaning where there are faults.</param>
/// <param name="IsNew">Whether they were made.</param>
/// <param name="Errors">Faults of fields, on which nothing was written.</param>
internal sealed record UpsertedRecipient(Recipient Recipient, bool IsNew, IReadOnlyList<FieldError> Errors);

/// <summary>Makes a recipient, or changes the one with this address, and puts them on lists.</summary>
internal static class RecipientUpsert
{
    public static async Task<UpsertedRecipient> ApplyAsync(TenantTransaction transaction, RecipientDraft draft, KeyRing keyRing, Instant now)
    {
        if (RecipientFields.Email(draft.Email.Value, out var address) is { } fault)
            return new UpsertedRecipient(new Recipient(), false, [fault]);
        while (true)
        {
            var known = await RecipientStore.LockByKeyAsync(transaction, address!.Key);
            var edit = new RecipientEdit(draft, keyRing, transaction.TenantId, now);
            var recipient = edit.ApplyTo(known ?? Recipient.New(now));
            if (edit.Errors.Concat(await ListStore.FaultsAsync(transaction, draft.Lists)).ToArray() is { Length: > 0 } faults)
                return new UpsertedRecipient(recipient, known is null, faults);
            if (known is null && !await RecipientStore.InsertAsync(transaction, recipient))
                continue; // Somebody else made them a moment ago: now they are there to be locked.
            if (known is not null)
            {
                await RecipientStore.UpdateAsync(transaction, recipient);
                await RecipientEvents.NoteConsentAsync(transaction, recipient.RecipientId, known.Consent, recipient.Consent, now);
            }
            else
                await RecipientEvents.NoteCreatedAsync(transaction, recipient, now);
            await ListStore.EnterAsync(transaction, recipient.RecipientId, draft.Lists, now);
            return new UpsertedRecipient((await RecipientStore.FindAsync(transaction, recipient.RecipientId))!, known is null, []);
        }
    }
}
