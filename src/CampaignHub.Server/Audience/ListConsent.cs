using System.ComponentModel.DataAnnotations;
using System.Globalization;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>A page of a person's consent to list.</summary>
public sealed class ListConsentRequest : PageRequest
{
    /// <summary>The recipient's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>What a person's consent is or was.</summary>
public sealed record ConsentEntry
{
    /// <summary>Only <c>granted</c> is mailed.</summary>
    [AllowedValues("granted", "pending", "withdrawn", "unknown")]
    public string Status { get; init; } = "";

    /// <summary>Who said so: <c>api</c>, an import's or a shop's name, <c>form:</c> and a form's id, <c>unsubscribe</c>, <c>complaint</c>.</summary>
    public string? Source { get; init; }

    /// <summary>When it was said; null where nobody knows.</summary>
    public Instant? At { get; init; }

    /// <summary>What it rests on: <c>delivery:</c> and the id of the mail that was unsubscribed from or complained about, <c>import:</c> and the import's, or <c>confirmation:</c> and that of what was confirmed; null where it was said by the API.</summary>
    /// <example>delivery:0193a1c2-0000-7000-8000-000000000001</example>
    public string? Evidence { get; init; }

    /// <summary>The words that they agreed to, as a form showed them; null where none are known.</summary>
    public string? Wording { get; init; }

    /// <summary>The country that it was said from, by the address of the request: an ISO 3166-1 alpha-2 code. Only of what people say themselves on a page of ours, where the operator names a file of countries; null otherwise.</summary>
    /// <example>DE</example>
    public string? IpCountry { get; init; }

    /// <summary>When something else was taken instead; null: it is so now.</summary>
    public Instant? ReplacedAt { get; init; }

    internal long Entry { get; init; }
}

/// <summary>Lists what a person's consent is and was, the newest first. Nothing in it is ever changed; it goes with the person.</summary>
internal sealed class ListConsent(Cursors cursors) : ApiEndpoint<ListConsentRequest, Page<ConsentEntry>>
{
    public override void Configure()
    {
        Get("/v1/recipients/{id}/consent");
        Access(Scope.AudienceRead);
        Summary(s => s.Summary = "List a recipient's consent");
    }

    protected override async Task<Answer<Page<ConsentEntry>>> AnswerAsync(ListConsentRequest request, TenantTransaction transaction)
    {
        if (await RecipientStore.FindAsync(transaction, request.Id) is null)
            return Problems.NotFound("recipient");
        var list = $"consent {request.Id}";
        var (limit, before) = cursors.Read(request, transaction.TenantId, list);
        var entries = await ConsentStore.HistoryAsync(transaction, request.Id, before is null ? null : long.Parse(before, CultureInfo.InvariantCulture), limit + 1);
        return cursors.Page(entries, limit, transaction.TenantId, list, entry => entry.Entry.ToString(CultureInfo.InvariantCulture));
    }
}
