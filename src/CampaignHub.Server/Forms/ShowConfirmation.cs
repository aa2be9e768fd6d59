using CampaignHub.Core.Forms;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>The page behind the link of a confirming mail: one button. Changes nothing, however often and by whatever it is fetched.</summary>
internal sealed class ShowConfirmation(Database database, KeyRing ring, IClock clock) : PublicEndpoint
{
    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/s/confirm/{token}");
        Describe("Show the page that confirms a subscription", StatusCodes.Status200OK, "text/html", canBeMissing: true);
        LimitByNetwork();
        Description(route => route.Produces(StatusCodes.Status410Gone, contentType: "text/html"));
    }

    public override async Task HandleAsync(TokenRequest req, CancellationToken ct)
    {
        if (ConfirmationLinks.Read(ring, req.Token) is not { } token)
        {
            await SendNotFoundPageAsync(ct);
            return;
        }
        await using var transaction = await database.BeginAsync(token.TenantId, ct);
        var asked = await ConfirmationStore.FindAsync(transaction, token.ConfirmationId);
        var form = asked is null ? null : await FormStore.FindAsync(transaction, asked.FormId);
        if (asked is null || form is null || asked.ConfirmedAt is null && asked.ExpiresAt <= clock.GetCurrentInstant())
            await FormPages.Expired(asked?.PageLanguage ?? PublicPage.LanguageOf(HttpContext), form).SendAsync(HttpContext, ct, StatusCodes.Status410Gone);
        else
            await (asked.ConfirmedAt is null ? FormPages.Confirm(form, asked) : FormPages.Confirmed(form, asked)).SendAsync(HttpContext, ct);
    }
}

/// <summary>Links that confirm.</summary>
internal static class ConfirmationLinks
{
    public static string Of(KeyRing ring, string publicUrl, Guid tenantId, Guid confirmationId) =>
        $"{publicUrl}/s/confirm/{new ConfirmationToken(tenantId, confirmationId).Write(ring.Derive(tenantId, KeyPurpose.Confirmation, ConfirmationToken.KeyBytes))}";

    public static ConfirmationToken? Read(KeyRing ring, string text) =>
        ConfirmationToken.Read(text, tenantId => ring.DeriveAll(tenantId, KeyPurpose.Confirmation, ConfirmationToken.KeyBytes));
}
