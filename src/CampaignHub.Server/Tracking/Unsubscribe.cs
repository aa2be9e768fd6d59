using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>
/// Withdraws the person's consent at once: the page's button, or a mail program's one click (RFC 8058, body
/// <c>List-Unsubscribe=One-Click</c>). A browser is answered a page, a program a line of text. Never limited: a provider's few addresses post for
/// all of its people.
/// </summary>
internal sealed class Unsubscribe(TokenReader tokens, Database database, IpCountries countries, IClock clock) : UnsubscribeEndpoint(tokens, database)
{
    public override void Configure()
    {
        Verbs("POST");
        Routes("/u/{token}");
        Describe("Unsubscribe", StatusCodes.Status200OK, "text/html", canBeMissing: true, canBeAway: true);
        Description(route => route.Produces(StatusCodes.Status200OK, contentType: "text/plain"));
    }

    public override async Task HandleAsync(TokenRequest req, CancellationToken ct)
    {
        if (await ByDeliveryAsync(req, WithdrawAsync, ct) is not { } done)
        {
            await SendNotFoundPageAsync(ct);
            return;
        }
        var page = UnsubscribePage.Done(PublicPage.LanguageOf(HttpContext, done.Locale), done.TenantName);
        if (IsBrowser)
            await page.SendAsync(HttpContext, ct);
        else
            await PublicPage.SendTextAsync(HttpContext, page.Heading, ct);
    }

    private bool IsBrowser => HttpContext.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private async Task<Unsubscription?> WithdrawAsync(TenantTransaction transaction, Guid deliveryId)
    {
        if (await Unsubscription.FindAsync(transaction, deliveryId) is not { } found)
            return null;
        // A mail program's one click comes from its provider's address, which says nothing of the person.
        await found.ApplyAsync(transaction, clock.GetCurrentInstant(), IsBrowser ? countries.Of(HttpContext) : null);
        return found;
    }
}
