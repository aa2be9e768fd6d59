using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Reports.Live;

/// <summary>
/// Streams a campaign's report as server-sent events: at first as it is, then whenever a number of it has changed, at most once
/// a second. Each event <c>report</c> has the whole report as its data; its id sent as <c>Last-Event-ID</c> resumes: nothing comes
/// until something is different. A stream ends after ten minutes at the latest, and when the service stops. A node has 500
/// watchers at the most; 503 beyond.
/// </summary>
internal sealed class WatchReport(LiveReports reports, IHostApplicationLifetime lifetime) : ApiEndpoint<CampaignRequest, Nothing>
{
    public override void Configure()
    {
        Get("/v1/campaigns/{id}/live");
        Access(Scope.ReportsRead);
        AlsoAnswers(LiveStream.MediaType);
        Summary(s => s.Summary = "Watch a campaign's report");
    }

    protected override async Task<Answer<Nothing>> AnswerAsync(CampaignRequest request, TenantTransaction transaction)
    {
        if (!await CampaignStore.IsKnownAsync(transaction, request.Id))
            return Problems.NotFound("campaign");
        if (reports.Watch(transaction.TenantId, request.Id) is not { } watch)
            return Problems.TooManyWatchers(LiveReports.MostWatchers);
        HttpContext.Response.RegisterForDispose(watch); // However the request ends.
        HttpContext.Response.Headers.CacheControl = "no-store";
        HttpContext.Response.Headers["X-Accel-Buffering"] = "no"; // nginx would keep events back.
        var known = HttpContext.Request.Headers["Last-Event-ID"].FirstOrDefault();
        return Answer.Streamed<Nothing>(LiveStream.MediaType, new LiveStream(watch, known, lifetime.ApplicationStopping).WriteAsync);
    }
}
