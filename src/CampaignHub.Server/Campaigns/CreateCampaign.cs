using CampaignHub.Core;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>A campaign to make.</summary>
public sealed class CreateCampaignRequest
{
    [FromBody]
    public CampaignDraft Body { get; set; } = new();
}

/// <summary>The fields of a new campaign: only a name is needed, the rest may follow.</summary>
public sealed class CampaignDraft : CampaignChange;

/// <summary>Makes a draft. What it still lacks says <c>GET /v1/campaigns/{id}/readiness</c>.</summary>
internal sealed class CreateCampaign(IClock clock) : ApiEndpoint<CreateCampaignRequest, CampaignView>
{
    public override void Configure()
    {
        Post("/v1/campaigns");
        Access(Scope.CampaignsWrite);
        Answers(201);
        Summary(s => s.Summary = "Make a campaign");
    }

    protected override async Task<Answer<CampaignView>> AnswerAsync(CreateCampaignRequest request, TenantTransaction transaction)
    {
        List<FieldError> errors = [];
        var campaign = request.Body.ApplyTo(Campaign.Draft(clock.GetCurrentInstant()), errors);
        await CampaignReferences.CheckAsync(transaction, campaign, errors);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        await CampaignStore.InsertAsync(transaction, campaign);
        return Answer.Created(await CampaignView.OfAsync(transaction, campaign), $"/v1/campaigns/{campaign.CampaignId}");
    }

    internal sealed class Rules : Validator<CreateCampaignRequest>
    {
        public Rules()
        {
            RuleFor(r => r.Body.Name.Value).NotEmpty().MaximumLength(200);
            RuleFor(r => r.Body).SetValidator(new CampaignChange.Rules());
        }
    }
}
