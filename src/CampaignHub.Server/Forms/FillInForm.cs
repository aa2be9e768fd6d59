using CampaignHub.Core.Audience;
using CampaignHub.Core.Forms;
using CampaignHub.Core.Pages;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Audience;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Jobs;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>
/// Takes what was written into a form, and has a mail sent that asks to confirm it; nobody is a recipient before that. Whether the
/// address is known, subscribed, suppressed, or was asked too often, the answer is the same page.
/// </summary>
internal sealed class FillInForm(Database database, KeyRing ring, Settings settings, WorkSignal signal, IClock clock) : PublicEndpoint
{
    public override void Configure()
    {
        Verbs("POST");
        Routes("/s/{token}");
        Describe("Fill in a subscribe form", StatusCodes.Status200OK, "text/html", canBeMissing: true);
        LimitByNetwork();
        Description(route => route.Accepts<string>(isOptional: false, PostedForm.MediaType)
            .Produces(StatusCodes.Status422UnprocessableEntity, contentType: "text/html")
            .Produces(StatusCodes.Status413PayloadTooLarge, contentType: "application/problem+json")
            .Produces(StatusCodes.Status415UnsupportedMediaType, contentType: "application/problem+json"));
    }

    public override async Task HandleAsync(TokenRequest req, CancellationToken ct)
    {
        var posted = await PostedForm.ReadAsync(HttpContext, ct);
        if (await FoundForm.FindAsync(database, req.Token, ct) is not { } found)
        {
            await SendNotFoundPageAsync(ct);
            return;
        }
        var (now, language) = (clock.GetCurrentInstant(), PublicPage.LanguageOf(HttpContext));
        var entries = Judge(posted, found, PageWords.Of(language), now, out var address, out var asked);
        if (entries.Faults.Count > 0)
        {
            var again = FormPages.Ask(language, found.Form, FormPages.StampOf(ring, found.TenantId, found.Form.FormId, now), entries);
            await again.SendAsync(HttpContext, ct, StatusCodes.Status422UnprocessableEntity);
            return;
        }
        // What fills in a field that nobody sees is told the same, and nothing comes of it.
        if (posted.Line(FormPages.Trap) is null && await AskAsync(found, address!, asked! with { Language = language.Tag }, now, ct))
            signal.Wake(WorkKind.Confirmations);
        await FormPages.CheckMail(language).SendAsync(HttpContext, ct);
    }

    private FormEntries Judge(PostedForm posted, FoundForm found, PageWords words, Instant now, out EmailAddress? address, out FormConfirmation? asked)
    {
        var entries = new FormEntries(posted.Line("email"), NameIn(posted, found, "first_name"), NameIn(posted, found, "last_name"));
        Dictionary<string, string> faults = [];
        if (!EmailAddress.TryParse(entries.Email ?? "", out address, out _))
            faults["email"] = words.InvalidEmail;
        if (RecipientFields.Name("first_name", entries.FirstName, out var first) is not null)
            faults["first_name"] = words.InvalidValue;
        if (RecipientFields.Name("last_name", entries.LastName, out var last) is not null)
            faults["last_name"] = words.InvalidValue;
        var keys = ring.DeriveAll(found.TenantId, KeyPurpose.FormStamp, FormStamp.KeyBytes);
        if (faults.Count == 0 && !FormStamp.IsGood(posted.Line(FormPages.Stamp), keys, found.Form.FormId, now))
            faults[""] = words.TryAgain;
        asked = faults.Count > 0 ? null : new FormConfirmation
        {
            ConfirmationId = Guid.CreateVersion7(),
            FormId = found.Form.FormId,
            Email = address!.Address,
            EmailKey = address.Key,
            FirstName = first,
            LastName = last,
            Wording = found.Form.Wording,
            AskedAt = now,
            ExpiresAt = now + found.Form.ConfirmWithin,
        };
        return entries with { Faults = faults };
    }

    private static string? NameIn(PostedForm posted, FoundForm found, string field) => found.Form.Fields.Contains(field) ? posted.Line(field) : null;

    /// <summary>False where no mail is to be sent: they have it already, want none, can't be reached, or somebody asks too often.</summary>
    private async Task<bool> AskAsync(FoundForm found, EmailAddress address, FormConfirmation asked, Instant now, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(found.TenantId, ct);
        if (await SuppressionStore.MatchesAsync(transaction, address) || await IsSubscribedAsync(transaction, asked, found.Form))
            return false;
        var network = HttpContext.Connection.RemoteIpAddress;
        if (!await FormTurnStore.TakeOfNetworkAsync(transaction, ring, network, settings.Forms.MailsPerNetworkAndHour, now)
            || !await FormTurnStore.TakeOfAddressAsync(transaction, ring, asked.EmailKey, now))
            return false;
        await ConfirmationStore.AskAsync(transaction, asked);
        await FormStore.CountAskedAsync(transaction, found.Form.FormId);
        await transaction.CommitAsync();
        return true;
    }

    private static async Task<bool> IsSubscribedAsync(TenantTransaction transaction, FormConfirmation asked, Form form) =>
        await RecipientStore.LockByKeyAsync(transaction, asked.EmailKey) is { Consent.Status: ConsentStatus.Granted } known && form.ListIds.All(known.Lists.Contains);
}
