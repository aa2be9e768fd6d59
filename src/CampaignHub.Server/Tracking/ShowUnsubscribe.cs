using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Tracking;

/// <summary>The page behind a mail's unsubscribe link: one button. Changes nothing, however often it is fetched.</summary>
internal sealed class ShowUnsubscribe(TokenReader tokens, Database database) : UnsubscribeEndpoint(tokens, database)
{
    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/u/{token}");
        Describe("Show the unsubscribe page", StatusCodes.Status200OK, "text/html", canBeMissing: true, canBeAway: true);
        LimitByNetwork();
    }

    public override async Task HandleAsync(TokenRequest req, CancellationToken ct)
    {
        if (await ByDeliveryAsync(req, Unsubscription.FindAsync, ct) is { } found)
            await UnsubscribePage.Ask(PublicPage.LanguageOf(HttpContext, found.Locale), found.TenantName, req.Token).SendAsync(HttpContext, ct);
        else
            await SendNotFoundPageAsync(ct);
    }
}
