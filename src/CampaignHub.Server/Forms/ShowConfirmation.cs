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
        var found = await FoundConfirmation.OfAsync(transaction, await ConfirmationStore.FindAsync(transaction, token.ConfirmationId), clock.GetCurrentInstant());
        if (found is not { Open: (var form, var asked) })
            await found.SendExpiredAsync(HttpContext, ct);
        else
            await (asked.ConfirmedAt is null ? FormPages.Confirm(form, asked) : FormPages.Confirmed(form, asked)).SendAsync(HttpContext, ct);
    }
}

/// <summary>What a link leads to.</summary>
/// <param name="Form">The form; null where it is gone.</param>
/// <param name="Asked">What was asked; null where that is gone.</param>
/// <param name="IsOpen">It confirms, or has.</param>
internal sealed record FoundConfirmation(Form? Form, FormConfirmation? Asked, bool IsOpen)
{
    /// <summary>Both, where the link is good for something; null where it isn't any more.</summary>
    public (Form Form, FormConfirmation Asked)? Open => IsOpen ? (Form!, Asked!) : null;

    public static async Task<FoundConfirmation> OfAsync(TenantTransaction transaction, FormConfirmation? asked, Instant now)
    {
        var form = asked is null ? null : await FormStore.FindAsync(transaction, asked.FormId);
        return new FoundConfirmation(form, asked, form is not null && (asked!.ConfirmedAt is not null || asked.ExpiresAt > now));
    }

    public Task SendExpiredAsync(HttpContext context, CancellationToken ct) =>
        FormPages.Expired(Asked?.PageLanguage ?? PublicPage.LanguageOf(context), Form).SendAsync(context, ct, StatusCodes.Status410Gone);
}

/// <summary>Links that confirm.</summary>
internal static class ConfirmationLinks
{
    public static string Of(KeyRing ring, string publicUrl, Guid tenantId, Guid confirmationId) =>
        $"{publicUrl}/s/confirm/{new ConfirmationToken(tenantId, confirmationId).Write(ring.Derive(tenantId, KeyPurpose.Confirmation, ConfirmationToken.KeyBytes))}";

    public static ConfirmationToken? Read(KeyRing ring, string text) =>
        ConfirmationToken.Read(text, tenantId => ring.DeriveAll(tenantId, KeyPurpose.Confirmation, ConfirmationToken.KeyBytes));
}
