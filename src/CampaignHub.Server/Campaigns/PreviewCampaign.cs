using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>A campaign to preview.</summary>
public sealed class PreviewCampaignRequest
{
    /// <summary>The campaign's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public PreviewFor Body { get; set; } = new();
}

/// <summary>For whom: one of the tenant's people, or one made up; by default somebody of whom only an address is known.</summary>
[OptionalBody]
public sealed class PreviewFor
{
    /// <summary>One of the tenant's people; not together with <c>recipient</c>.</summary>
    public Guid? RecipientId { get; set; }

    /// <summary>Somebody made up.</summary>
    public SampleRecipient? Recipient { get; set; }
}

/// <summary>What one person would get.</summary>
public sealed record CampaignPreview
{
    /// <summary>The subject.</summary>
    public string Subject { get; init; } = "";

    /// <summary>The HTML part, with the author's own links and without the pixel.</summary>
    public string Html { get; init; } = "";

    /// <summary>The text part.</summary>
    public string Text { get; init; } = "";

    /// <summary>The links on which clicks will be counted, in the order of the message; none where clicks aren't tracked.</summary>
    public IReadOnlyList<PreviewLink> Links { get; init; } = [];

    /// <summary>What the author should know, such as links that can't be tracked.</summary>
    public IReadOnlyList<PreviewWarning> Warnings { get; init; } = [];

    internal static CampaignPreview Of(RenderedContent content) => new()
    {
        Subject = content.Subject,
        Html = content.Html,
        Text = content.Text,
        Links = [.. content.Links.Select(l => new PreviewLink(l.Index, l.Url))],
        Warnings = [.. content.Warnings.Select(w => new PreviewWarning(w.Code, ContentFaults.Describe(w)))],
    };
}

/// <summary>A link of a message.</summary>
/// <param name="Index">Its number in reports, from 0; one in a loop stands once per turn.</param>
/// <param name="Url">Where it leads.</param>
public sealed record PreviewLink(int Index, string Url);

/// <summary>Something that the author should know.</summary>
/// <param name="Code">A stable word, such as <c>link_not_tracked</c>.</param>
/// <param name="Message">A sentence, with line and column.</param>
public sealed record PreviewWarning(string Code, string Message);

/// <summary>Shows what one person would get. Nothing is sent or counted; Liquid that fails for them is a 422 naming the field.</summary>
internal sealed class PreviewCampaign(PublicUrl publicUrl, IClock clock) : ApiEndpoint<PreviewCampaignRequest, CampaignPreview>
{
    public override void Configure()
    {
        Post("/v1/campaigns/{id}/preview");
        Access(Scope.CampaignsRead);
        Conflicts();
        Summary(s => s.Summary = "Preview the campaign");
    }

    protected override async Task<Answer<CampaignPreview>> AnswerAsync(PreviewCampaignRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.FindAsync(transaction, request.Id) is not { } campaign)
            return Problems.NotFound("campaign");
        if (request.Body is { RecipientId: not null, Recipient: not null })
            return Problems.Invalid("recipient", "exclusive", "Give either recipient_id or recipient.");
        var recipient = request.Body.RecipientId is { } id
            ? await SampleRecipient.FindAsync(transaction, id)
            : (request.Body.Recipient ?? new()).ToTemplate();
        if (recipient is null)
            return Problems.Invalid("recipient_id", "not_found", "There is no such recipient.");
        var options = new SampleOptions(campaign.TrackClicks, $"{await TrackingUrl.OfAsync(transaction, publicUrl)}/u/preview", clock.GetCurrentInstant());
        var content = await CampaignContent.ResolveAsync(transaction, campaign);
        var (rendered, problem) = CampaignSample.Render(campaign, content, recipient, options, transaction.Cancellation);
        return problem is not null ? problem : CampaignPreview.Of(rendered!);
    }
}
