using System.Text;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;

namespace CampaignHub.Server.Scheduling;

/// <summary>A plan to show.</summary>
public sealed class GetPlanRequest
{
    /// <summary>The campaign's id.</summary>
    public Guid Id { get; set; }

    /// <summary><c>json</c> (the default), <c>csv</c>: a row for each zone of each instant, or <c>svg</c>: a picture of 48 hours.</summary>
    public string? Format { get; set; }
}

/// <summary>
/// Shows a campaign's plan: each instant with its zones, once launched with its wave and job. With <c>format=csv</c> as a
/// table, with <c>format=svg</c> as a picture by UTC hour with the world's local hours under it.
/// </summary>
internal sealed class GetPlan(Database database) : ApiEndpoint<GetPlanRequest, PlanView>
{
    private const string SvgMediaType = "image/svg+xml";

    public override void Configure()
    {
        Get("/v1/campaigns/{id}/plan");
        Access(Scope.CampaignsRead);
        AlsoAnswers(CsvWriter.MediaType);
        AlsoAnswers(SvgMediaType);
        Summary(s => s.Summary = "Show the plan");
    }

    protected override async Task<Answer<PlanView>> AnswerAsync(GetPlanRequest request, TenantTransaction transaction)
    {
        if (await CampaignStore.FindAsync(transaction, request.Id) is null)
            return Problems.NotFound("campaign");
        if (await PlanStore.FindAsync(transaction, request.Id) is null)
            return Problems.NotFound("plan: compute one with POST /v1/campaigns/{id}/plan");
        return request.Format switch
        {
            "csv" => Table(transaction.TenantId, request.Id),
            "svg" => Picture(await PlanStore.ListZonesAsync(transaction, request.Id)),
            _ => await PlanView.OfAsync(transaction, request.Id),
        };
    }

    private Answer<PlanView> Table(Guid tenantId, Guid campaignId) => Answer.Streamed<PlanView>(CsvWriter.MediaType, async (body, ct) =>
    {
        await using var transaction = await database.BeginAsync(tenantId, ct);
        await using var rows = await PlanStore.ReadTableAsync(transaction, campaignId);
        await CsvWriter.WriteAsync(rows, body, ct);
    });

    private static Answer<PlanView> Picture(IReadOnlyList<PlanZone> zones)
    {
        var sent = zones.Where(z => !z.Missed).ToList();
        var svg = PlanStrip.Svg(
            [.. sent.Where(z => z.DueAt is not null).Select(z => (z.DueAt!.Value, z.Recipients))],
            sent.Where(z => z.DueAt is null).Sum(z => z.Recipients));
        return Answer.Streamed<PlanView>(SvgMediaType, async (body, ct) => await body.WriteAsync(Encoding.UTF8.GetBytes(svg), ct));
    }

    internal sealed class Rules : Validator<GetPlanRequest>
    {
        public Rules() => RuleFor(r => r.Format).OneOf("json", "csv", "svg");
    }
}
