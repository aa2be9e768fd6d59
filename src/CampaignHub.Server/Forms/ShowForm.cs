using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using NodaTime;

namespace CampaignHub.Server.Forms;

/// <summary>A form's page, which may be shown in a frame of somebody's own page. It needs no script.</summary>
internal sealed class ShowForm(Database database, KeyRing ring, IClock clock) : PublicEndpoint
{
    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/s/{token}");
        Describe("Show a subscribe form's page", StatusCodes.Status200OK, "text/html", canBeMissing: true);
        LimitByNetwork();
    }

    public override async Task HandleAsync(TokenRequest req, CancellationToken ct)
    {
        if (await FoundForm.FindAsync(database, req.Token, ct) is not { } found)
        {
            await SendNotFoundPageAsync(ct);
            return;
        }
        var stamp = FormPages.StampOf(ring, found.TenantId, found.Form.FormId, clock.GetCurrentInstant());
        await FormPages.Ask(PublicPage.LanguageOf(HttpContext), found.Form, stamp, new FormEntries()).SendAsync(HttpContext, ct);
    }
}

/// <summary>A form that a public address names.</summary>
internal sealed record FoundForm(Guid TenantId, Form Form)
{
    /// <summary>Null where it isn't there, isn't enabled, or its tenant is suspended.</summary>
    public static async Task<FoundForm?> FindAsync(Database database, string id, CancellationToken ct)
    {
        if (!Guid.TryParseExact(id, "D", out var formId)
            || await database.LookUpAsync<Guid>("SELECT find_form(@formId)", new { formId }, ct) is not [var tenantId])
            return null;
        await using var transaction = await database.BeginAsync(tenantId, ct);
        return await FormStore.FindAsync(transaction, formId) is { } form ? new FoundForm(tenantId, form) : null;
    }
}
