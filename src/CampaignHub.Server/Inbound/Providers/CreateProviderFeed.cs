using CampaignHub.Core;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>A provider feed to make.</summary>
public sealed class CreateProviderFeedRequest
{
    [FromBody]
    public ProviderFeedDraft Body { get; set; } = new();
}

/// <summary>Makes a provider feed and answers the URL to give to the provider.</summary>
internal sealed class CreateProviderFeed(KeyRing ring, PublicUrl publicUrl, IClock clock) : ApiEndpoint<CreateProviderFeedRequest, ProviderFeedView>
{
    public override void Configure()
    {
        Post("/v1/provider-feeds");
        Access(Scope.SettingsWrite);
        Answers(201);
        Summary(s => s.Summary = "Make a provider feed");
    }

    protected override async Task<Answer<ProviderFeedView>> AnswerAsync(CreateProviderFeedRequest request, TenantTransaction transaction)
    {
        var now = clock.GetCurrentInstant();
        List<FieldError> errors = [];
        var feed = request.Body.ApplyTo(new ProviderFeed { FeedId = Guid.CreateVersion7(), Kind = request.Body.Kind, CreatedAt = now }, ring, transaction.TenantId, now, errors);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        await ProviderFeedStore.InsertAsync(transaction, feed);
        return Answer.Created(ProviderFeedView.Of(feed, publicUrl, now), $"/v1/provider-feeds/{feed.FeedId}");
    }

    internal sealed class Rules : Validator<CreateProviderFeedRequest>
    {
        public Rules() => RuleFor(r => r.Body).SetValidator(new ProviderFeedDraft.DraftRules());
    }
}
