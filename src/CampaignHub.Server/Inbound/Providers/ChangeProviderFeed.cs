using CampaignHub.Core;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using NodaTime;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>A provider feed and what to change of it.</summary>
public sealed class ChangeProviderFeedRequest
{
    /// <summary>The feed's id.</summary>
    public Guid Id { get; set; }

    [FromBody]
    public ProviderFeedChange Body { get; set; } = new();
}

/// <summary>Changes a provider feed. With a new secret the former one counts for 24 hours too, so that nothing is lost while the provider learns it.</summary>
internal sealed class ChangeProviderFeed(KeyRing ring, PublicUrl publicUrl, IClock clock) : ApiEndpoint<ChangeProviderFeedRequest, ProviderFeedView>
{
    public override void Configure()
    {
        Patch("/v1/provider-feeds/{id}");
        Access(Scope.SettingsWrite);
        Summary(s => s.Summary = "Change a provider feed");
    }

    protected override async Task<Answer<ProviderFeedView>> AnswerAsync(ChangeProviderFeedRequest request, TenantTransaction transaction)
    {
        if (await ProviderFeedStore.LockAsync(transaction, request.Id) is not { } feed)
            return Problems.NotFound("provider feed");
        var now = clock.GetCurrentInstant();
        List<FieldError> errors = [];
        var changed = request.Body.ApplyTo(feed, ring, transaction.TenantId, now, errors);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        await ProviderFeedStore.UpdateAsync(transaction, changed);
        return ProviderFeedView.Of(changed, publicUrl, now);
    }

    internal sealed class Rules : Validator<ChangeProviderFeedRequest>
    {
        public Rules() => RuleFor(r => r.Body).SetValidator(new ProviderFeedChange.Rules());
    }
}
