using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Tracking;

/// <summary>The page of a person's preferences, by the token of their unsubscribe link. Changes nothing, however often it is fetched.</summary>
internal sealed class ShowPreferences(TokenReader tokens, Database database) : TrackingEndpoint
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
        if (await FindAsync(req, ct) is { } found)
            await new PreferencesPage(found, req.Token).Show(HttpContext).SendAsync(HttpContext, ct);
        else
            await SendNotFoundPageAsync(ct);
    }

    private async Task<Preferences?> FindAsync(TokenRequest req, CancellationToken ct)
    {
        if (tokens.Read(req.Token, TrackingTokenKind.Unsubscribe) is not { } token)
            return null;
        await using var transaction = await database.BeginAsync(token.TenantId, ct);
        return await Preferences.FindAsync(transaction, token.DeliveryId);
    }
}
