using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Audience;

/// <summary>A page of recipients to list.</summary>
public sealed class ListRecipientsRequest : PageRequest
{
    /// <summary>Only who has this address, compared as addresses are: one person or nobody.</summary>
    public string? Email { get; set; }

    /// <summary>Only who is on this list.</summary>
    public Guid? ListId { get; set; }
}

/// <summary>Lists recipients, those known longest first.</summary>
internal sealed class ListRecipients(Cursors cursors) : ApiEndpoint<ListRecipientsRequest, Page<RecipientView>>
{
    public override void Configure()
    {
        Get("/v1/recipients");
        Access(Scope.AudienceRead);
        Summary(s => s.Summary = "List recipients");
    }

    protected override async Task<Answer<Page<RecipientView>>> AnswerAsync(ListRecipientsRequest request, TenantTransaction transaction)
    {
        EmailAddress? address = null;
        if (request.Email is not null && RecipientFields.Email(request.Email, out address) is { } fault)
            return Problems.Invalid([fault]);
        if (request.ListId is { } listId && await ListStore.FindAsync(transaction, listId) is null)
            return Problems.NotFound("list");
        var (limit, after) = cursors.Read(request, transaction.TenantId, "recipients");
        var recipients = await RecipientStore.ListAsync(
            transaction, address?.Key, request.ListId, after is null ? null : Guid.Parse(after), limit + 1);
        return cursors.Page([.. recipients.Select(RecipientView.Of)], limit, transaction.TenantId, "recipients", r => r.Id.ToString());
    }
}
