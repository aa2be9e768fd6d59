using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Tracking;

/// <summary>The page of a person's preferences, by the token of their unsubscribe link. Changes nothing, however often it is fetched.</summary>
internal sealed class ShowPreferences(TokenReader tokens, Database database) : UnsubscribeEndpoint(tokens, database)
{
    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/u/{token}/preferences");
        Describe("Show the page of preferences", StatusCodes.Status200OK, "text/html", canBeMissing: true, canBeAway: true);
        LimitByNetwork();
    }

    public override async Task HandleAsync(TokenRequest req, CancellationToken ct)
    {
        if (await ByDeliveryAsync(req, Preferences.FindAsync, ct) is { } found)
            await new PreferencesPage(found, req.Token).Show(HttpContext).SendAsync(HttpContext, ct);
        else
            await SendNotFoundPageAsync(ct);
    }
}
