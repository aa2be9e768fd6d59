using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;

namespace CampaignHub.Server.Reports;

/// <summary>What to break a campaign's report down by.</summary>
public sealed class GetBreakdownRequest
{
    /// <summary>The campaign's id.</summary>
    public Guid Id { get; set; }

    /// <summary>The recipients' country, or the time zone or local hour that the delivery was planned for.</summary>
    public string? By { get; set; }
}

/// <summary>A campaign's numbers by country, time zone or local hour.</summary>
/// <param name="By">What the keys are.</param>
/// <param name="Data">One entry for each key with at least one event, in the keys' order.</param>
public sealed record Breakdown(string By, IReadOnlyList<BreakdownEntry> Data);

/// <summary>The numbers of one key.</summary>
/// <param name="Key">An ISO 3166-1 code, an IANA zone, or an hour, <c>00</c> to <c>23</c>; null where it isn't known.</param>
/// <param name="Accepted">Deliveries that a relay accepted.</param>
/// <param name="Opens">Opens; rates are of what was delivered under this key.</param>
/// <param name="Clicks">Clicks.</param>
public sealed record BreakdownEntry(string? Key, long Accepted, HitViewCounts Opens, HitViewCounts Clicks)
{
    internal static BreakdownEntry Of(Rollup counters)
    {
        return new BreakdownEntry(
            counters.Key.Length == 0 ? null : counters.Key, counters.Accepted,
            HitViewCounts.Of(counters, HitKind.Open, counters.Delivered), HitViewCounts.Of(counters, HitKind.Click, counters.Delivered));
    }
}

/// <summary>Breaks a campaign's report down, read from roll-ups.</summary>
internal sealed class GetBreakdown : ApiEndpoint<GetBreakdownRequest, Breakdown>
{
    public override void Configure()
    {
        Get("/v1/campaigns/{id}/report/breakdown");
        Access(Scope.ReportsRead);
        Summary(s => s.Summary = "Break a campaign's report down");
    }

    protected override async Task<Answer<Breakdown>> AnswerAsync(GetBreakdownRequest request, TenantTransaction transaction)
    {
        if (IsNotBuilt(request.By))
            return Problems.NotSupported("by", $"The breakdown by {request.By} isn't built yet.");
        if (await CampaignStore.FindAsync(transaction, request.Id) is null)
            return Problems.NotFound("campaign");
        var counters = await RollupStore.ReadAsync(transaction, request.Id, request.By!);
        return new Breakdown(request.By!, [.. counters.Select(BreakdownEntry.Of)]);
    }

    private static bool IsNotBuilt(string? by) => by is "mail_domain" or "device";

    internal sealed class Rules : Validator<GetBreakdownRequest>
    {
        public Rules()
        {
            RuleFor(r => r.By).NotNull();
            RuleFor(r => r.By).OneOf("country", "time_zone", "local_hour").When(r => !IsNotBuilt(r.By));
        }
    }
}
