using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Scheduling;

/// <summary>Lifts the tenant's frequency cap; without one nothing happens.</summary>
internal sealed class RemoveFrequencyCap : ApiEndpoint<Nothing, Nothing>
{
    public override void Configure()
    {
        Delete("/v1/frequency-cap");
        Access(Scope.CampaignsWrite);
        Summary(s => s.Summary = "Lift the frequency cap");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(Nothing request, TenantTransaction transaction)
    {
        await FrequencyCapStore.RemoveAsync(transaction);
        return Answer.NoContent();
    }
}
