using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Campaigns;

/// <summary>Makes a new draft with the same fields, whatever became of the first: how a campaign is sent again.</summary>
internal sealed class DuplicateCampaign(IClock clock) : ApiEndpoint<CampaignRequest, CampaignView>
{
    private const string Suffix = " (copy)";

    public override void Configure()
    {
        Post("/v1/campaigns/{id}/duplicate");
        Access(Scope.CampaignsWrite);
        Answers(201);
        Summary(s => s.Summary = "Duplicate the campaign");
    }

    protected override async Task<Answer<CampaignView>> AnswerAsync(CampaignRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.FindAsync(transaction, request.Id) is not { } campaign)
            return Problems.NotFound("campaign");
        var copy = campaign.AsDraft(clock.GetCurrentInstant()) with
        {
            Name = campaign.Name[..Math.Min(campaign.Name.Length, 200 - Suffix.Length)] + Suffix,
        };
        await CampaignStore.InsertAsync(transaction, copy);
        return Answer.Created(await CampaignView.OfAsync(transaction, copy), $"/v1/campaigns/{copy.CampaignId}");
    }
}
