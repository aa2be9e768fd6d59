using CampaignHub.Core;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Storefronts;

/// <summary>A storefront to connect.</summary>
public sealed class CreateStorefrontRequest
{
    [FromBody]
    public StorefrontDraft Body { get; set; } = new();
}

/// <summary>Connects a shop: what it posts to <c>webhook_url</c>, signed with the secret, makes its buyers recipients.</summary>
internal sealed class CreateStorefront(KeyRing ring, PublicUrl url, IClock clock) : ApiEndpoint<CreateStorefrontRequest, StorefrontView>
{
    public override void Configure()
    {
        Post("/v1/storefronts");
        Access(Scope.SettingsWrite);
        Answers(201);
        Summary(s => s.Summary = "Connect a storefront");
    }

    protected override async Task<Answer<StorefrontView>> AnswerAsync(CreateStorefrontRequest request, TenantTransaction transaction)
    {
        var now = clock.GetCurrentInstant();
        List<FieldError> errors = [];
        var storefront = await request.Body.ApplyToAsync(
            transaction, new Storefront { StorefrontId = Guid.CreateVersion7(), Kind = request.Body.Kind, CreatedAt = now }, ring, now, errors);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        await StorefrontStore.InsertAsync(transaction, storefront);
        return Answer.Created(StorefrontView.Of(storefront, url.Value, now), $"/v1/storefronts/{storefront.StorefrontId}");
    }

    internal sealed class Rules : Validator<CreateStorefrontRequest>
    {
        public Rules() => RuleFor(r => r.Body).SetValidator(new StorefrontDraft.DraftRules());
    }
}
