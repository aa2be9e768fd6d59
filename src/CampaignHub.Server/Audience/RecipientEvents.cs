using CampaignHub.Core;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>
/// Notes in the event log what happens to people one by one: by the API, forms, shops, and by their own no. An import, which may be of
/// millions, is one event of its own.
/// </summary>
internal static class RecipientEvents
{
    public static Task NoteCreatedAsync(TenantTransaction transaction, Recipient recipient, Instant now) =>
        EventLog.AppendAsync(transaction, [Of(EventTypes.RecipientCreated, recipient.RecipientId, recipient.Consent, now)], now);

    /// <summary>Where the status has become another; a newer word for the same isn't news.</summary>
    public static async Task NoteConsentAsync(TenantTransaction transaction, Guid recipientId, Consent? before, Consent? after, Instant now)
    {
        if (after is not null && after.Status != before?.Status)
            await EventLog.AppendAsync(transaction, [Of(EventTypes.RecipientConsentChanged, recipientId, after, now)], now);
    }

    public static Task NoteDeletedAsync(TenantTransaction transaction, IReadOnlyCollection<Guid> recipientIds, Instant now) =>
        EventLog.AppendAsync(transaction, [.. recipientIds.Select(id => Of(EventTypes.RecipientDeleted, id, null, now))], now);

    private static Event Of(string type, Guid recipientId, Consent? consent, Instant now) =>
        new(type, now) { RecipientId = recipientId, Class = consent?.Status.Word(), Reason = consent?.Source };
}
