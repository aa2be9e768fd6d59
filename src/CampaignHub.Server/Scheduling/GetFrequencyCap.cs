using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Scheduling;

/// <summary>How often the tenant's people are mailed at most.</summary>
public sealed record FrequencyCapView
{
    /// <summary>The cap of campaigns that name none of their own; null: there is none.</summary>
    public FrequencyCapInput? FrequencyCap { get; init; }
}

/// <summary>Shows the tenant's frequency cap.</summary>
internal sealed class GetFrequencyCap : ApiEndpoint<Nothing, FrequencyCapView>
{
    public override void Configure()
    {
        Get("/v1/frequency-cap");
        Access(Scope.CampaignsRead);
        Summary(s => s.Summary = "Show the frequency cap");
    }

    protected override async Task<Answer<FrequencyCapView>> AnswerAsync(Nothing request, TenantTransaction transaction) =>
        new FrequencyCapView { FrequencyCap = (await FrequencyCapStore.FindAsync(transaction))?.ToInput() };
}
