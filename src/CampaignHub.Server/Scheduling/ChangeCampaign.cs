using CampaignHub.Core;
using CampaignHub.Core.Campaigns;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>A campaign and what to change of it.</summary>
public sealed class ChangeCampaignRequest
{
    /// <summary>The campaign's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public CampaignChange Body { get; set; } = new();
}

/// <summary>
/// Changes a campaign that isn't launched. A plan that it has, or that is just being computed, is dropped: any field may
/// change who gets it, or when.
/// </summary>
internal sealed class ChangeCampaign(IClock clock) : ApiEndpoint<ChangeCampaignRequest, CampaignView>
{
    public override void Configure()
    {
        Patch("/v1/campaigns/{id}");
        Access(Scope.CampaignsWrite);
        Conflicts();
        Summary(s => s.Summary = "Change a campaign");
    }

    protected override async Task<Answer<CampaignView>> AnswerAsync(ChangeCampaignRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.LockAsync(transaction, request.Id) is not { } campaign)
            return Problems.NotFound("campaign");
        if (await PlanRequests.LaunchingAsync(transaction, request.Id) is { } launching)
            return launching;
        var now = clock.GetCurrentInstant();
        if (await CampaignStore.MoveAsync(transaction, campaign, CampaignAction.Edit, now) is Transition.Refused refused)
            return Problems.StateConflict(refused.Reason);
        List<FieldError> errors = [];
        var changed = request.Body.ApplyTo(campaign, errors) with { UpdatedAt = now };
        await CampaignReferences.CheckAsync(transaction, changed, errors);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        await PlanRemoval.DropAsync(transaction, request.Id);
        await CampaignStore.UpdateAsync(transaction, changed);
        return await CampaignView.OfAsync(transaction, (await CampaignStore.FindAsync(transaction, request.Id))!);
    }

    internal sealed class Rules : Validator<ChangeCampaignRequest>
    {
        public Rules() => RuleFor(r => r.Body).SetValidator(new CampaignChange.Rules());
    }
}
