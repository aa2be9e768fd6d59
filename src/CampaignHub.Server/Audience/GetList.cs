using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Audience;

/// <summary>Names a list.</summary>
public sealed class ListRequest
{
    /// <summary>The list's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Shows a list.</summary>
internal sealed class GetList : ApiEndpoint<ListRequest, RecipientList>
{
    public override void Configure()
    {
        Get("/v1/lists/{id}");
        Access(Scope.AudienceRead);
        Summary(s => s.Summary = "Show a list");
    }

    protected override async Task<Answer<RecipientList>> AnswerAsync(ListRequest request, TenantTransaction transaction) =>
        await ListStore.FindAsync(transaction, request.Id) is { } list ? list : Problems.NotFound("list");
}
