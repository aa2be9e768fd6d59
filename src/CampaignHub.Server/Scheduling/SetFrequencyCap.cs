using CampaignHub.Core;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;

namespace CampaignHub.Server.Scheduling;

/// <summary>The cap to take.</summary>
public sealed class SetFrequencyCapRequest
{
    [FromBody]
    public FrequencyCapInput Body { get; set; } = new();
}

/// <summary>
/// Sets how often a person is mailed at most, over all campaigns that name no cap of their own, those that are being sent
/// included. It is looked at when a message is about to be handed over.
/// </summary>
internal sealed class SetFrequencyCap : ApiEndpoint<SetFrequencyCapRequest, FrequencyCapView>
{
    public override void Configure()
    {
        Put("/v1/frequency-cap");
        Access(Scope.CampaignsWrite);
        Summary(s => s.Summary = "Set the frequency cap");
    }

    protected override async Task<Answer<FrequencyCapView>> AnswerAsync(SetFrequencyCapRequest request, TenantTransaction transaction)
    {
        List<FieldError> errors = [];
        if (!FrequencyCap.TryCreate(request.Body, "", out var cap, errors))
            return Problems.Invalid(errors);
        await FrequencyCapStore.SetAsync(transaction, cap);
        return new FrequencyCapView { FrequencyCap = cap.ToInput() };
    }
}
