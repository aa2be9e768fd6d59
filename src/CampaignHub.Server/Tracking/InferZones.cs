using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>What came of inferring everybody's zone again.</summary>
public sealed record ZoneInferenceView
{
    /// <summary>People whose zone, its source or its confidence is another than before.</summary>
    public long Changed { get; init; }

    /// <summary>How many of the tenant's people have their zone from which source now, given ones included.</summary>
    public IReadOnlyDictionary<string, long> ZoneSources { get; init; } = new Dictionary<string, long>();
}

/// <summary>Infers the zone of everybody again who hasn't been given one, learning from opens and clicks on the way.</summary>
internal sealed class InferZones(IClock clock) : ApiEndpoint<Nothing, ZoneInferenceView>
{
    public override void Configure()
    {
        Post("/v1/recipients/infer-zones");
        Access(Scope.AudienceWrite);
        Summary(s =>
        {
            s.Summary = "Infer time zones again";
            s.Description = "For everybody whose zone was not given: by region, phone, country, the person's own opens and clicks, "
                + "and the country's most populous zone, in this order. Answers when it is done: up to a minute for a million people.";
        });
    }

    protected override async Task<Answer<ZoneInferenceView>> AnswerAsync(Nothing request, TenantTransaction transaction)
    {
        var now = clock.GetCurrentInstant();
        await ZoneInferenceStore.BeginAsync(transaction);
        await ZoneInferenceStore.ReadPhonesAsync(transaction);
        foreach (var people in (await ReadingHours.LearnAsync(transaction, now)).Chunk(20_000))
            await ZoneInferenceStore.KeepLearnedAsync(transaction, people);
        var counts = await ZoneInferenceStore.InferAsync(transaction, now);
        return new ZoneInferenceView
        {
            Changed = counts is [var any, ..] ? any.Changed : 0,
            ZoneSources = WireWords.All<ZoneSource>().ToDictionary(source => source, source => counts.SingleOrDefault(c => c.Source == source)?.People ?? 0),
        };
    }
}
