using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Audience;

/// <summary>Lifts a suppression. Consent stays as it is: who withdrew isn't mailed.</summary>
internal sealed class DeleteSuppression : ApiEndpoint<SuppressionRequest, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/suppressions/{id}");
        Access(Scope.AudienceWrite);
        Summary(s => s.Summary = "Lift a suppression");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(SuppressionRequest request, TenantTransaction transaction) =>
        await SuppressionStore.DeleteAsync(transaction, request.Id) ? Answer.NoContent() : Problems.NotFound("suppression");
}
