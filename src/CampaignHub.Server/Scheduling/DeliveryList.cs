using CampaignHub.Core.Audience;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Relays;

namespace CampaignHub.Server.Scheduling;

/// <summary>Answers a list of deliveries: a page of them, or all of them as CSV.</summary>
internal sealed class DeliveryList(Database database, Cursors cursors)
{
    public async Task<Answer<Page<DeliveryView>>> AnswerAsync(TenantTransaction transaction, DeliveryFilter filter, Guid? campaignId, bool asCsv)
    {
        if (filter.RelayId is { } relayId && await RelayStore.FindAsync(transaction, relayId) is null)
            return Problems.NotFound("relay");
        var domain = filter.MailDomain;
        if (domain is not null && !MailDomain.TryParse(domain, out domain, out var fault))
            return Problems.Invalid("mail_domain", "invalid", fault);
        var search = new DeliverySearch(campaignId, filter.State, filter.RelayId, domain, filter.Reason, filter.Reply);
        return asCsv ? Export(transaction.TenantId, filter, search) : await PageAsync(transaction, filter, search);
    }

    private async Task<Answer<Page<DeliveryView>>> PageAsync(TenantTransaction transaction, PageRequest request, DeliverySearch search)
    {
        var list = $"deliveries {search}";
        var (limit, cursor) = cursors.Read(request, transaction.TenantId, list);
        Guid? after = cursor is null ? null : Guid.Parse(cursor);
        var found = await DeliveryViews.SearchAsync(transaction, search, after, limit + 1);
        if (found.Count <= limit && await DeliveryViews.LookedThroughAsync(transaction, search, after) is { } last)
            return new Page<DeliveryView>(found, cursors.Seal(last.ToString(), transaction.TenantId, list));
        return cursors.Page(found, limit, transaction.TenantId, list, d => d.Id.ToString());
    }

    private Answer<Page<DeliveryView>> Export(Guid tenantId, PageRequest request, DeliverySearch search)
    {
        if (request.Limit is not null || request.Cursor is not null)
            return Problems.Invalid(request.Limit is null ? "cursor" : "limit", "not_with_csv", "CSV has no pages: it is everything that the filters leave.");
        return Answer.Streamed<Page<DeliveryView>>(CsvWriter.MediaType, async (body, ct) =>
        {
            await using var transaction = await database.BeginAsync(tenantId, ct);
            await using var rows = await DeliveryExport.ReadAsync(transaction, search);
            await CsvWriter.WriteAsync(rows, body, ct);
        });
    }
}
