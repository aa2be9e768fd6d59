using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>Saves what a person chose on the page of their preferences: all of it, or nothing where something isn't theirs to choose.</summary>
internal sealed class SavePreferences(TokenReader tokens, Database database, KeyRing keyRing, IClock clock) : TrackingEndpoint
{
    public override void Configure()
    {
        Verbs("POST");
        Routes("/u/{token}/preferences");
        Describe("Save preferences", StatusCodes.Status200OK, "text/html", canBeMissing: true, canBeAway: true);
        LimitByNetwork();
        Description(route => route.Accepts<string>(isOptional: false, PostedForm.MediaType)
            .Produces(StatusCodes.Status422UnprocessableEntity, contentType: "text/html")
            .Produces(StatusCodes.Status400BadRequest, contentType: "application/problem+json")
            .Produces(StatusCodes.Status413PayloadTooLarge, contentType: "application/problem+json")
            .Produces(StatusCodes.Status415UnsupportedMediaType, contentType: "application/problem+json"));
    }

    public override async Task HandleAsync(TokenRequest req, CancellationToken ct)
    {
        if (tokens.Read(req.Token, TrackingTokenKind.Unsubscribe) is not { } token)
        {
            await SendNotFoundPageAsync(ct);
            return;
        }
        // Read before the transaction is opened: whoever posts may take their time.
        var form = await PostedForm.ReadAsync(HttpContext, ct);
        await using var transaction = await database.BeginAsync(token.TenantId, ct);
        if (await Preferences.FindToChangeAsync(transaction, token.DeliveryId) is not { } found)
        {
            await SendNotFoundPageAsync(ct);
            return;
        }
        var (choice, faults) = PreferenceChoice.Read(form, found);
        if (choice is null)
        {
            await new PreferencesPage(found, req.Token).Refuse(HttpContext, faults).SendAsync(HttpContext, ct, StatusCodes.Status422UnprocessableEntity);
            return;
        }
        await choice.ApplyAsync(transaction, found.Person, keyRing, clock.GetCurrentInstant());
        var saved = (await Preferences.FindAsync(transaction, token.DeliveryId))!;
        await transaction.CommitAsync();
        await new PreferencesPage(saved, req.Token).Saved(HttpContext).SendAsync(HttpContext, ct);
    }
}
