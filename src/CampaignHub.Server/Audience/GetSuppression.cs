using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Audience;

/// <summary>Names a suppression.</summary>
public sealed class SuppressionRequest
{
    /// <summary>The suppression's id.</summary>
    public Guid Id { get; set; }
}

/// <summary>Shows a suppression.</summary>
internal sealed class GetSuppression : ApiEndpoint<SuppressionRequest, Suppression>
{
    public override void Configure()
    {
        Get("/v1/suppressions/{id}");
        Access(Scope.AudienceRead);
        Summary(s => s.Summary = "Show a suppression");
    }

    protected override async Task<Answer<Suppression>> AnswerAsync(SuppressionRequest request, TenantTransaction transaction) =>
        await SuppressionStore.FindAsync(transaction, request.Id) is { } suppression ? suppression : Problems.NotFound("suppression");
}
