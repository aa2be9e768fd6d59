using CampaignHub.Core.Pages;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tracking;

/// <summary>What a person has chosen so far, and may choose.</summary>
/// <param name="SenderName">Who mails them.</param>
/// <param name="Person">Who they are.</param>
/// <param name="Lists">Those that they are on and those that they may join.</param>
internal sealed record Preferences(string SenderName, Recipient Person, IReadOnlyList<OfferedList> Lists)
{
    /// <summary>The language that they are taken to speak, as the page's select has it; a locale beyond those as it is, empty where none is known.</summary>
    public string Language => PageLanguage.OfTag(Person.Locale)?.Tag ?? Person.Locale ?? "";

    /// <summary>Those of whom this delivery was for; null where it isn't in the ledger, or they are gone.</summary>
    public static async Task<Preferences?> FindAsync(TenantTransaction transaction, Guid deliveryId) =>
        await Unsubscription.FindAsync(transaction, deliveryId) is { } delivery
            ? await OfAsync(transaction, delivery.TenantName, await RecipientStore.FindAsync(transaction, delivery.RecipientId)) : null;

    /// <summary>The same, and keeps others from changing the person until the commit.</summary>
    public static async Task<Preferences?> FindToChangeAsync(TenantTransaction transaction, Guid deliveryId) =>
        await Unsubscription.FindAsync(transaction, deliveryId) is { } delivery
            ? await OfAsync(transaction, delivery.TenantName, await RecipientStore.LockAsync(transaction, delivery.RecipientId)) : null;

    private static async Task<Preferences?> OfAsync(TenantTransaction transaction, string senderName, Recipient? person) =>
        person is null ? null : new Preferences(senderName, person, await ListStore.OfferedAsync(transaction, person.RecipientId));
}
