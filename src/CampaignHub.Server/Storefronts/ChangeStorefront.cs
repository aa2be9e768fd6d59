using CampaignHub.Core;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>A storefront and what to change of it.</summary>
public sealed class ChangeStorefrontRequest
{
    /// <summary>The storefront's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public StorefrontChange Body { get; set; } = new();
}

/// <summary>Changes a storefront. A new secret counts at once, and the former one for 7 more days.</summary>
internal sealed class ChangeStorefront(KeyRing ring, PublicUrl url, IClock clock) : ApiEndpoint<ChangeStorefrontRequest, StorefrontView>
{
    public override void Configure()
    {
        Patch("/v1/storefronts/{id}");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Change a storefront");
    }

    protected override async Task<Answer<StorefrontView>> AnswerAsync(ChangeStorefrontRequest request, TenantTransaction transaction)
    {
        if (await StorefrontStore.LockAsync(transaction, request.Id) is not { } storefront)
            return Problems.NotFound("storefront");
        var now = clock.GetCurrentInstant();
        List<FieldError> errors = [];
        var changed = await request.Body.ApplyToAsync(transaction, storefront, ring, now, errors);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        await StorefrontStore.UpdateAsync(transaction, changed);
        return StorefrontView.Of(changed, url.Value, now);
    }

    internal sealed class Rules : Validator<ChangeStorefrontRequest>
    {
        public Rules() => RuleFor(r => r.Body).SetValidator(new StorefrontChange.Rules());
    }
}
