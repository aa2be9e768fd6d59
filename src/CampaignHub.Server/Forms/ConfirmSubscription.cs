using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>
/// Takes the person's own yes: they become a recipient, or are one already, with a granted consent that rests on this confirmation and
/// the wording that they were shown, on the form's lists. However often it is posted, it counts once.
/// </summary>
internal sealed class ConfirmSubscription(Database database, KeyRing ring, IpCountries countries, IClock clock) : PublicEndpoint
{
    public override void Configure()
    {
        Verbs("POST");
        Routes("/s/confirm/{token}");
        Describe("Confirm a subscription", StatusCodes.Status200OK, "text/html", canBeMissing: true);
        LimitByNetwork();
        Description(route => route.Produces(StatusCodes.Status303SeeOther).Produces(StatusCodes.Status410Gone, contentType: "text/html"));
    }

    public override async Task HandleAsync(TokenRequest req, CancellationToken ct)
    {
        if (ConfirmationLinks.Read(ring, req.Token) is not { } token)
        {
            await SendNotFoundPageAsync(ct);
            return;
        }
        var now = clock.GetCurrentInstant();
        await using var transaction = await database.BeginAsync(token.TenantId, ct);
        var found = await FoundConfirmation.OfAsync(transaction, await ConfirmationStore.LockAsync(transaction, token.ConfirmationId), now);
        if (found is not { Open: (var form, var asked) })
        {
            await found.SendExpiredAsync(HttpContext, ct);
            return;
        }
        if (asked.ConfirmedAt is null)
        {
            await SubscribeAsync(transaction, form, asked, now);
            await transaction.CommitAsync();
        }
        if (form.RedirectUrl is { } elsewhere)
        {
            HttpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            HttpContext.Response.Headers.Location = RedirectLocation.Of(elsewhere);
            await HttpContext.Response.StartAsync(ct);
        }
        else
            await FormPages.Confirmed(form, asked).SendAsync(HttpContext, ct);
    }

    private async Task SubscribeAsync(TenantTransaction transaction, Form form, FormConfirmation asked, Instant now)
    {
        await ConsentStore.RestOnAsync(transaction, $"confirmation:{asked.ConfirmationId}", asked.Wording, countries.Of(HttpContext));
        var source = $"form:{form.FormId}";
        var known = await RecipientStore.LockByKeyAsync(transaction, asked.EmailKey);
        var person = new RecipientDraft { Email = asked.Email, Consent = new ConsentChange { Status = ConsentStatus.Granted.Word(), Source = source } };
        if (asked.FirstName is not null)
            person.FirstName = asked.FirstName;
        if (asked.LastName is not null)
            person.LastName = asked.LastName;
        if (known?.Locale is null)
            person.Locale = asked.Language;
        var outcome = await RecipientUpsert.ApplyAsync(transaction, person, ring, now);
        if (outcome.Errors.Count > 0)
            throw new InvalidOperationException($"What a form took is refused afterwards: {outcome.Errors[0].Message}");
        // A list that is gone is nobody's any more.
        await ListStore.JoinAsync(transaction, outcome.Recipient.RecipientId, [.. await ListStore.HoldAsync(transaction, form.ListIds)], now);
        await ConsentStore.ConfirmAsync(transaction, outcome.Recipient.RecipientId, source, now);
        await ConfirmationStore.NoteConfirmedAsync(transaction, asked.ConfirmationId, now);
        await FormStore.CountConfirmedAsync(transaction, form.FormId);
    }
}
