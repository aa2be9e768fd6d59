using System.Globalization;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Events;

/// <summary>A page of one person's events.</summary>
public sealed class ListRecipientEventsRequest : PageRequest
{
    /// <summary>The recipient's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Lists what happened to one person and to their deliveries, in the log's order.</summary>
internal sealed class ListRecipientEvents(Cursors cursors) : ApiEndpoint<ListRecipientEventsRequest, Page<EventView>>
{
    public override void Configure()
    {
        Get("/v1/recipients/{id}/events");
        Access(Scope.ReportsRead);
        Summary(s => s.Summary = "List a recipient's events");
    }

    protected override async Task<Answer<Page<EventView>>> AnswerAsync(ListRecipientEventsRequest request, TenantTransaction transaction)
    {
        if (!await IsKnownAsync(transaction, request.Id))
            return Problems.NotFound("recipient");
        var list = $"recipients/{request.Id}/events";
        var (limit, after) = cursors.Read(request, transaction.TenantId, list);
        var events = await EventFeed.OfRecipientAsync(
            transaction, request.Id, after is null ? 0 : long.Parse(after, CultureInfo.InvariantCulture), limit + 1);
        return cursors.Page(events, limit, transaction.TenantId, list, e => e.Sequence.ToString(CultureInfo.InvariantCulture));
    }

    private static Task<bool> IsKnownAsync(TenantTransaction transaction, Guid recipientId) => transaction.QuerySingleAsync<bool>(
        "SELECT EXISTS (SELECT 1 FROM recipients WHERE tenant_id = @TenantId AND recipient_id = @recipientId)",
        new { transaction.TenantId, recipientId });
}
