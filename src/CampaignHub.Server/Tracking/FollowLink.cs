using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>
/// A link of a mail: leads to exactly where the campaign's author pointed it, also while the database is away and the link
/// is known (503 with <c>Retry-After</c> otherwise). The click is stored before the answer; where it can't be, the answer
/// carries <c>Tracking-Stored: no</c>. The link that nobody sees leads to the campaign's first, so that a scanner
/// finds nothing special about it, and nowhere where each person's links are their own.
/// </summary>
internal sealed class FollowLink(TokenReader tokens, Destinations destinations, HitIngest ingest, HitOrigins origins, IClock clock) : TrackingEndpoint
{
    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/c/{token}");
        Describe("Follow a link", StatusCodes.Status302Found, null, canBeMissing: true, canBeAway: true);
    }

    public override async Task HandleAsync(TokenRequest req, CancellationToken ct)
    {
        var at = clock.GetCurrentInstant();
        var token = Read(req.Token);
        var url = token is null ? null : await destinations.OfAsync(token, ct);
        if (token is null || url is null && token.Kind != TrackingTokenKind.Honeypot)
        {
            await SendNotFoundPageAsync(ct);
            return;
        }
        TellWhetherStored(await ingest.StoreAsync(origins.Mark(ReceivedHit.Click(token, url, HttpContext.Request, at), HttpContext)));
        if (url is null)
        {
            await SendNotFoundPageAsync(ct);
            return;
        }
        ForbidCaching();
        HttpContext.Response.StatusCode = StatusCodes.Status302Found;
        HttpContext.Response.Headers.Location = RedirectLocation.Of(url);
        HttpContext.Response.ContentLength = 0;
        await HttpContext.Response.StartAsync(ct);
    }

    private TrackingToken? Read(string text) => tokens.Read(text, TrackingTokenKind.Click) ?? tokens.Read(text, TrackingTokenKind.Honeypot);
}
