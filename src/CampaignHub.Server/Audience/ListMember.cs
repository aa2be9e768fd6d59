using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Audience;

/// <summary>Names a list and a recipient.</summary>
public sealed class ListMemberRequest
{
    /// <summary>The list's id.</summary>
    public Guid Id { get; set; }

    /// <summary>The recipient's id.</summary>
    public Guid RecipientId { get; set; }

    /// <summary>
    /// The recipient says so themselves, as on a page of yours: what they leave then stays left until they join again, and what they had
    /// left they may join. False unless given.
    /// </summary>
    public bool ByRecipient { get; set; }

    /// <summary>Keeps both from being removed until the commit, or says which isn't there.</summary>
    internal async Task<Problem?> HoldAsync(TenantTransaction transaction)
    {
        if ((await ListStore.HoldAsync(transaction, [Id])).Count == 0)
            return Problems.NotFound("list");
        return await RecipientStore.LockAsync(transaction, RecipientId) is null ? Problems.NotFound("recipient") : null;
    }
}
