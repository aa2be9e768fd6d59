using System.Diagnostics.Metrics;

namespace CampaignHub.Server.Inbound.Providers;

/// <summary>What providers posted, what was refused, and what became of it.</summary>
internal sealed class ProviderMetrics
{
    private readonly Counter<long> _events;
    private readonly Counter<long> _refused;

    public ProviderMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("CampaignHub");
        _events = meter.CreateCounter<long>("campaignhub_provider_events", description: "Events that providers posted, by provider: passed, matched to a delivery, or unmatched.");
        _refused = meter.CreateCounter<long>("campaignhub_provider_refused", description: "Posts that were refused because their signature is wrong, by provider.");
    }

    /// <summary>Events that have no meaning here.</summary>
    public void Passed(string kind, int count) => Add(kind, "passed", count);

    /// <summary>An event was worked off: <c>matched</c> or <c>unmatched</c>.</summary>
    public void Worked(string kind, string outcome) => Add(kind, outcome, 1);

    public void Refused(string kind) => _refused.Add(1, new KeyValuePair<string, object?>("provider", kind));

    private void Add(string kind, string outcome, int count) =>
        _events.Add(count, new KeyValuePair<string, object?>("provider", kind), new KeyValuePair<string, object?>("outcome", outcome));
}
