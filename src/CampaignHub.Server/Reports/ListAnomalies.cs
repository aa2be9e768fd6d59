using CampaignHub.Core.Reports;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Reports;

/// <summary>Which hours to look at.</summary>
public sealed class ListAnomaliesRequest
{
    /// <summary>The first hour, by any instant in it; 24 hours before <c>to</c> unless given.</summary>
    public Instant? From { get; set; }

    /// <summary>The end, at most 28 days after <c>from</c>; now unless given.</summary>
    public Instant? To { get; set; }
}

/// <summary>
/// Lists hours in which rejections, deferrals or late acceptances of a relay and mail domain stand out from their own last 28
/// days, where both have at least 100 messages. The bound is strict enough that all the hours, relays and domains of 28
/// quiet days raise nothing.
/// </summary>
internal sealed class ListAnomalies(IClock clock) : ApiEndpoint<ListAnomaliesRequest, AnomalyList>
{
    private static readonly Instant Oldest = Instant.FromUtc(2000, 1, 1, 0, 0);
    private static readonly Duration Longest = Duration.FromHours(AnomalyRule.UsualHours);

    public override void Configure()
    {
        Get("/v1/deliveries/anomalies");
        Access(Scope.ReportsRead);
        Summary(s => s.Summary = "List where deliveries fare worse than usual");
    }

    protected override async Task<Answer<AnomalyList>> AnswerAsync(ListAnomaliesRequest request, TenantTransaction transaction)
    {
        var to = request.To ?? clock.GetCurrentInstant();
        if (to < Oldest || request.From < Oldest)
            return Problems.Invalid(to < Oldest ? "to" : "from", "out_of_range", "There was no mail to judge before the year 2000.");
        var from = HourOf(request.From ?? to - Duration.FromDays(1));
        if (from >= to)
            return Problems.Invalid("from", "invalid", "from lies before to.");
        if (to - from > Longest + Duration.FromHours(1))
            return Problems.Invalid("from", "out_of_range", "from lies at most 28 days before to.");
        var anomalies = Anomaly.FoundIn(await DeliveryHourStore.ReadAsync(transaction, from, to));
        var replies = await DeliveryHourStore.ReadRepliesAsync(transaction, anomalies);
        return new AnomalyList(from, to, [.. anomalies.Select((anomaly, place) => anomaly with { Samples = [.. replies[place]] })]);
    }

    private static Instant HourOf(Instant at) => Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds() / 3600 * 3600);
}
